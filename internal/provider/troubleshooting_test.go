package provider

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
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
		for _, code := range strings.Fields(row.codes) {
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

// The policy that errors name stands on one page, to which the others link.
func TestDocumentedPolicy(t *testing.T) {
	t.Parallel()
	block := regexp.MustCompile("(?s)```json\n(\\{\n.*?)```")
	templates, err := filepath.Glob("../../templates/*/*.m*")
	if err != nil {
		t.Fatal(err)
	}
	var pages []string
	for _, template := range append(templates, "../../templates/index.md.tmpl") {
		text, err := os.ReadFile(template) //nolint:gosec // The repository's own files.
		if err != nil {
			t.Fatal(err)
		}
		for _, shown := range block.FindAllSubmatch(text, -1) {
			var compact bytes.Buffer
			if err := json.Compact(&compact, shown[1]); err != nil {
				t.Errorf("%s: %v in\n%s", template, err, shown[1])
			}
			if compact.String() == policy {
				pages = append(pages, filepath.Base(template))
			}
		}
	}
	if len(pages) != 1 || pages[0] != "authentication.md" {
		t.Errorf("the policy stands on %v, and must stand in the authentication guide alone", pages)
	}
}

// summaries finds the summaries of messages in the source.
var summaries = regexp.MustCompile(`(?:mistake\(|newError\([^\n]*?, |advise\("[^"]*", |AddError\(|Attribute(?:Error|Warning)(?:Diagnostic)?\([^\n]*?, |f\.warn\([^\n]*?, |[sS]ummary(?::| :?=) )"([A-Z][A-Za-z ]+)"`)

// The guide names every message. Those about an argument's value ("Invalid status") have
// one row for all, since they say themselves what to write.
func TestTroubleshootingSummaries(t *testing.T) {
	t.Parallel()
	guide := repositoryFile(t, "templates/guides/troubleshooting.md")
	found := 0
	for _, folder := range []string{"internal/provider", "internal/credentials"} {
		files, err := filepath.Glob(filepath.Join("../..", folder, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			source, err := os.ReadFile(file) //nolint:gosec // The repository's own files.
			if err != nil {
				t.Fatal(err)
			}
			for _, match := range summaries.FindAllStringSubmatch(string(source), -1) {
				found++
				if summary := match[1]; !strings.HasPrefix(summary, "Invalid ") && !strings.Contains(guide, summary) {
					t.Errorf("%s: the guide lacks %q", filepath.Base(file), summary)
				}
			}
		}
	}
	if found < 60 {
		t.Errorf("only %d messages were found: the expression misses some", found)
	}
}
