package provider

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// The guide says of each code what the provider says.
func TestTroubleshootingGuide(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile("../../templates/guides/troubleshooting.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range adviceByCode {
		code := a.code
		if a.prefix {
			code += "..."
		}
		argument := ""
		if a.argument != "" {
			argument = "`" + a.argument + "`"
		}
		remedy := strings.ReplaceAll(a.remedy, policy, "[the policy below](#the-least-permission).")
		row := fmt.Sprintf("| `%s` | %s | %s | %s |", code, a.summary, argument, remedy)
		if !strings.Contains(string(guide), row) {
			t.Errorf("the guide lacks the row\n%s", row)
		}
	}
	if !strings.Contains(string(guide), policy) {
		t.Error("the guide lacks the policy")
	}
}
