package provider

import (
	"net/http"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

// Ctrl-C ends a plan at once, wherever it hangs.
func TestInterrupt(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("a process can't be sent an interrupt on Windows")
	}
	const static = `
  access_key = "` + ecstest.AccessKeyID + `"
  secret_key = "` + ecstest.AccessKeySecret + `"
`
	for name, test := range map[string]struct {
		action, arguments string
		fault             ecstest.Fault
	}{
		"in the header":    {ecstest.ActionDescribeSnapshots, static, ecstest.Hang()},
		"in the body":      {ecstest.ActionDescribeSnapshots, static, ecstest.HangInBody(100)},
		"between attempts": {ecstest.ActionDescribeSnapshots, static, ecstest.Throttle("Throttling.User", http.Header{"Retry-After": {"600"}})},
		"in STS":           {ecstest.ActionAssumeRole, static + `  assume_role { role_arn = "` + roleARN + `" }`, ecstest.Hang()},
		"in getting keys":  {ecstest.ActionCredentialsURI, `  credentials_uri = "SERVICE` + ecstest.CredentialsPath + `"`, ecstest.Hang()},
		"on a second page": {ecstest.ActionDescribeSnapshots, static, ecstest.OnPage(2, ecstest.Hang())},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service := ecstest.Start(t, ecstest.Sample(150)...)
			arrived := make(chan struct{})
			var once sync.Once
			hangs := func(x *ecstest.Exchange, next ecstest.Handler) *ecstest.Reply {
				if name != "on a second page" || x.Page() == 2 {
					once.Do(func() { close(arrived) })
				}
				return next(x)
			}
			service.InjectInto(test.action, hangs, test.fault)
			config := strings.ReplaceAll(`
provider "aliyun" {
  region    = "cn-hangzhou"
  endpoints {
    ecs = "SERVICE"
    sts = "SERVICE"
  }
`+test.arguments+`
}
data "aliyun_ecs_snapshots" "all" {}
`, "SERVICE", service.URL)
			command, output := newCLI(t, config).start("plan")
			ended := make(chan struct{})
			go func() {
				defer close(ended)
				_ = command.Wait() // The process' state tells how it ended.
			}()
			select {
			case <-arrived:
			case <-ended:
				t.Fatalf("the plan ended by itself:\n%s", output)
			}

			interrupted := time.Now()
			if err := command.Process.Signal(os.Interrupt); err != nil {
				t.Fatal(err)
			}
			<-ended
			// What Terraform itself needs to end is in it.
			if took := time.Since(interrupted); took > 10*time.Second {
				t.Errorf("the plan went on for %s", took)
			}
			text := unwrapped(output.String())
			if command.ProcessState.Success() || !strings.Contains(text, "Reading Snapshots Cancelled") {
				t.Errorf("the plan ended with %s:\n%s", command.ProcessState, text)
			}
		})
	}
}

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
