package provider

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
)

// policySentence is the sentence of a remedy that ends in the policy.
var policySentence = regexp.MustCompile(`[^.]*` + regexp.QuoteMeta(policy))

// The guide says of each code what the provider says.
func TestTroubleshootingGuide(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile("../../templates/guides/troubleshooting.md")
	if err != nil {
		t.Fatal(err)
	}
	arguments, others, ok := strings.Cut(string(guide), "### Keys, permission, service\n")
	if !ok {
		t.Fatal("the guide lacks its second table")
	}
	for _, a := range adviceByCode {
		code := a.code
		if a.prefix {
			code += "..."
		}
		remedy := policySentence.ReplaceAllString(a.remedy, " It needs at least [this policy](#required-permission).")
		table, row := others, fmt.Sprintf("| `%s` | %s | %s |", code, a.summary, remedy)
		if a.argument != "" {
			table, row = arguments, fmt.Sprintf("| `%s` | %s | `%s` | %s |", code, a.summary, a.argument, remedy)
		}
		if !strings.Contains(table, row+"\n") {
			t.Errorf("the guide lacks the row\n%s", row)
		}
	}
}

// The pages and the README show the policy that errors name.
func TestDocumentedPolicy(t *testing.T) {
	t.Parallel()
	block := regexp.MustCompile("(?s)```json\n(\\{\n.*?)```")
	for _, name := range []string{"README.md", "templates/index.md.tmpl", "templates/guides/troubleshooting.md", "templates/guides/authentication.md"} {
		text, err := os.ReadFile("../../" + name) //nolint:gosec // The repository's own files.
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, shown := range block.FindAllSubmatch(text, -1) {
			var compact bytes.Buffer
			if err := json.Compact(&compact, shown[1]); err != nil {
				t.Errorf("%s: %v in\n%s", name, err, shown[1])
			}
			found = found || compact.String() == policy
		}
		if !found {
			t.Errorf("%s lacks the policy", name)
		}
	}
}
