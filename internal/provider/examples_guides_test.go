package provider

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var guideBlock = regexp.MustCompile("(?ms)^( *)```terraform\n(.*?)^ *```$")

// TestExamplesInGuides asserts that what guides show of this provider's data
// sources is the text of an example, which a test runs.
func TestExamplesInGuides(t *testing.T) {
	t.Parallel()
	var examples strings.Builder
	err := fs.WalkDir(os.DirFS(exampleDir), ".", func(file string, _ fs.DirEntry, err error) error {
		if err != nil || path.Ext(file) != ".tf" && path.Ext(file) != ".hcl" {
			return err
		}
		text, err := os.ReadFile(filepath.Join(exampleDir, file)) //nolint:gosec // The repository's own files.
		examples.Write(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	guides, err := filepath.Glob("../../templates/guides/*.md")
	if err != nil {
		t.Fatal(err)
	}
	if len(guides) == 0 {
		t.Fatal("there are no guides")
	}
	for _, guide := range guides {
		text, err := os.ReadFile(guide) //nolint:gosec // The repository's own files.
		if err != nil {
			t.Fatal(err)
		}
		for _, block := range guideBlock.FindAllStringSubmatch(string(text), -1) {
			// A block in a numbered step is indented.
			shown := strings.TrimPrefix(strings.ReplaceAll("\n"+block[2], "\n"+block[1], "\n"), "\n")
			if strings.Contains(shown, "aliyun_ecs_snapshot") && !strings.Contains(examples.String(), shown) {
				t.Errorf("%s shows what is in no example:\n%s", filepath.Base(guide), shown)
			}
		}
	}
}
