package provider

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The README's first configuration is the example that a test runs.
func TestReadmeExample(t *testing.T) {
	t.Parallel()
	readme := repositoryFile(t, "README.md")
	_, rest, found := strings.Cut(readme, "```terraform\n")
	shown, _, closed := strings.Cut(rest, "```")
	if !found || !closed {
		t.Fatal("the README has no configuration")
	}
	if diff := cmp.Diff(repositoryFile(t, "examples/quick-start/main.tf"), shown); diff != "" {
		t.Errorf("the README differs from examples/quick-start: %s", diff)
	}
}

// Each make target that a page names exists.
func TestReadmeTargets(t *testing.T) {
	t.Parallel()
	targets := repositoryFile(t, "GNUmakefile")
	for _, page := range []string{"README.md", "CONTRIBUTING.md", "BENCHMARKS.md"} {
		named := regexp.MustCompile("(?m)(?:^|`)make ([a-z- ]+)").FindAllStringSubmatch(repositoryFile(t, page), -1)
		if named == nil {
			t.Errorf("%s names no target", page)
		}
		for _, command := range named {
			for target := range strings.FieldsSeq(command[1]) {
				if !strings.Contains(targets, "\n"+target+": ##") {
					t.Errorf("%s: make %s: there is no such target", page, target)
				}
			}
		}
	}
}

// Each test that CONTRIBUTING.md names exists.
func TestReadmeTests(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../*/*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	var source strings.Builder
	for _, file := range files {
		source.WriteString(repositoryFile(t, filepath.Join("internal/provider", file)))
	}
	named := regexp.MustCompile("`Test\\w+`").FindAllString(repositoryFile(t, "CONTRIBUTING.md"), -1)
	if len(named) < 4 {
		t.Errorf("only %v were found", named)
	}
	for _, name := range named {
		if !strings.Contains(source.String(), "func "+strings.Trim(name, "`")+"(") {
			t.Errorf("CONTRIBUTING.md: there is no %s", name)
		}
	}
}

func repositoryFile(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../..", name)) //nolint:gosec // The repository's own files.
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
