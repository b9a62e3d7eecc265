package provider

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const (
	registryDocs = "https://registry.terraform.io/providers/seed01464933/aliyun/latest/docs"
	repository   = "https://github.com/seed01464933/terraform-provider-aliyun"
)

var (
	markdownLink    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	markdownHeading = regexp.MustCompile(`(?m)^#+ (.*)$`)
	fencedBlock     = regexp.MustCompile("(?ms)^ *```.*?^ *```$")
	namedAnchor     = regexp.MustCompile(`<a id="([^"]+)">`)
	notInAnchor     = regexp.MustCompile(`[^a-z0-9 _-]`)
)

// TestGuideLinks asserts that the links of the generated pages lead somewhere. The
// registry doesn't rewrite relative ones, so pages link to each other by their
// addresses there.
func TestGuideLinks(t *testing.T) {
	t.Parallel()
	pages := map[string]string{}
	err := fs.WalkDir(os.DirFS("../../docs"), ".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(filepath.Join("../../docs", file)) //nolint:gosec // The repository's own files.
		pages["/"+strings.TrimSuffix(file, ".md")] = fencedBlock.ReplaceAllString(string(text), "")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	pages[""] = pages["/index"]
	for name, text := range pages {
		for _, link := range markdownLink.FindAllStringSubmatch(text, -1) {
			address, anchor, _ := strings.Cut(link[1], "#")
			page, isPage := strings.CutPrefix(address, registryDocs)
			file, isFile := strings.CutPrefix(address, repository)
			switch {
			case address == "":
				page, isPage = name, true
			case isFile && file != "/issues":
				path := "../.." + strings.TrimPrefix(strings.TrimPrefix(file, "/blob/main"), "/tree/main")
				if _, err := os.Stat(path); err != nil {
					t.Errorf("%s links to %s: %v", name, address, err)
				}
			case !strings.HasPrefix(address, "https://"):
				t.Errorf("%s has the relative link %s", name, address)
			}
			if text, found := pages[page]; isPage && !found {
				t.Errorf("%s links to a page that isn't there: %s", name, address)
			} else if isPage && anchor != "" && !anchors(text)[anchor] {
				t.Errorf("%s links to %q, which %q lacks", name, anchor, page)
			}
		}
	}
}

// anchors are the places of a page that a link can name.
func anchors(page string) map[string]bool {
	found := map[string]bool{}
	for _, heading := range markdownHeading.FindAllStringSubmatch(page, -1) {
		found[strings.ReplaceAll(notInAnchor.ReplaceAllString(strings.ToLower(heading[1]), ""), " ", "-")] = true
	}
	for _, anchor := range namedAnchor.FindAllStringSubmatch(page, -1) {
		found[anchor[1]] = true
	}
	return found
}
