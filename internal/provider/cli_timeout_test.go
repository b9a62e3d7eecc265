package provider

import (
	"testing"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

// The timeout's error says how long, how far, and what failed last.
func TestTimeout(t *testing.T) {
	t.Parallel()
	service := ecstest.Start(t, ecstest.Sample(250)...)
	service.Inject(ecstest.OnPage(3, ecstest.Throttle("Throttling.User", nil)))
	text, code := newCLI(t, providerBlock(service)+`
data "aliyun_ecs_snapshots" "all" {
  timeouts { read = "1s" }
}
`).run("plan")
	if code == 0 {
		t.Error("the plan succeeded")
	}
	wantTexts(t, text, "Reading Snapshots Timed Out", "timeouts.read, which is 1s", "2 of 3 pages with 200 snapshots were read", "Throttling.User")
}
