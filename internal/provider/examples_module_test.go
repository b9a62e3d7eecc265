package provider

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

// testExampleModule runs the example's tests, those of a service against one of
// this test's.
func testExampleModule(t *testing.T, file string) {
	needEngine(t, 7, 8)
	// A copy, so that the run leaves nothing behind in the example.
	terraform := withKeys(t, "")
	terraform.folder = t.TempDir()
	if err := os.CopyFS(terraform.folder, os.DirFS(filepath.Join(exampleDir, filepath.Dir(file)))); err != nil {
		t.Fatal(err)
	}
	const tests, address = "tests/service.tftest.hcl", "http://127.0.0.1:8480"
	text, err := os.ReadFile(filepath.Join(terraform.folder, tests)) //nolint:gosec // The test's own copy.
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), address) {
		t.Fatalf("%s doesn't read from %s", tests, address)
	}
	service := ecstest.Start(t, ecstest.Sample(250)...)
	writeFile(t, filepath.Join(terraform.folder, tests), strings.ReplaceAll(string(text), address, service.URL))
	out := terraform.must("test")
	wantTexts(t, out, "4 passed, 0 failed")
	if strings.Count(out, "Warning:") > strings.Count(out, "Warning: Provider development overrides") {
		t.Errorf("there are warnings:\n%s", out)
	}
}
