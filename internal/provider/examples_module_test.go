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
func testExampleModule(t *testing.T, x example) {
	needEngine(t, 7, 8)
	// A copy, so that the run leaves nothing behind in the example.
	work := t.TempDir()
	if err := os.CopyFS(work, os.DirFS(filepath.Join(exampleDir, filepath.Dir(x.file)))); err != nil {
		t.Fatal(err)
	}
	const file, address = "tests/service.tftest.hcl", "http://127.0.0.1:8480"
	text, err := os.ReadFile(filepath.Join(work, file)) //nolint:gosec // The test's own copy.
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), address) {
		t.Fatalf("%s doesn't read from %s", file, address)
	}
	service := ecstest.Start(t, ecstest.Sample(250)...)
	writeExampleFile(t, work, file, strings.ReplaceAll(string(text), address, service.URL))
	out := x.runBuilt(t, work, "test")
	if !strings.Contains(out, "4 passed, 0 failed") {
		t.Errorf("all four runs must pass:\n%s", out)
	}
	if strings.Count(out, "Warning:") > strings.Count(out, "Warning: Provider development overrides") {
		t.Errorf("there are warnings:\n%s", out)
	}
}
