package provider

import (
	"bytes"
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The guide has a row for each code: the code, and the summary of the error.
func TestTroubleshootingGuide(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile("../../templates/guides/troubleshooting.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range slices.Concat(filterCodes(), generalCodes, stsCodes) {
		for _, code := range row.codes {
			found := false
			for line := range strings.Lines(string(guide)) {
				found = found || strings.HasPrefix(line, "|") && regexp.MustCompile("`"+regexp.QuoteMeta(code)+"(\\.\\.\\.)?`").MatchString(line) && strings.Contains(line, row.summary)
			}
			if !found {
				t.Errorf("the guide lacks a row like\n| `%s` | %s | %s |", code, row.summary, row.remedy)
			}
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
