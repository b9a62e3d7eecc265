//go:build unix

package provider

import (
	"net/http"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

// Ctrl-C ends a command wherever its read hangs. A terminal sends the signal to
// the engine and the provider alike: to their process group.
func TestInterrupt(t *testing.T) {
	t.Parallel()
	const static = `
  access_key = "` + ecstest.AccessKeyID + `"
  secret_key = "` + ecstest.AccessKeySecret + `"
`
	hang := ecstest.Hang()
	for name, test := range map[string]struct {
		command   []string
		action    string
		arguments string
		fault     ecstest.Fault
		page      int // The page that hangs; 0: the first request.
	}{
		"plan":     {command: []string{"plan"}, fault: hang},
		"refresh":  {command: []string{"refresh"}, fault: hang},
		"apply":    {command: []string{"apply", "-auto-approve"}, fault: hang},
		"in order": {command: []string{"apply", "-auto-approve", "-parallelism=1"}, fault: hang}, // The second read begins after the signal.

		"in the body":             {fault: ecstest.HangInBody(100)},
		"between attempts":        {fault: ecstest.Throttle("Throttling.User", http.Header{"Retry-After": {"600"}})},
		"on a second page":        {fault: ecstest.OnPage(2, hang), page: 2},
		"in AssumeRole":           {action: ecstest.ActionAssumeRole, arguments: static + assumeRole, fault: hang},
		"at the credentials' URI": {action: ecstest.ActionCredentialsURI, arguments: `credentials_uri = "SERVICE` + ecstest.CredentialsPath + `"`, fault: hang},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if test.command == nil {
				test.command = []string{"apply", "-auto-approve"}
			}
			if test.action == "" {
				test.action, test.arguments = ecstest.ActionDescribeSnapshots, static
			}
			service := ecstest.Start(t, ecstest.Sample(150)...)
			arrived := make(chan struct{})
			var once sync.Once
			arrives := func(x *ecstest.Exchange, next ecstest.Handler) *ecstest.Reply {
				if test.page == 0 || x.Page() == test.page {
					once.Do(func() { close(arrived) })
				}
				return next(x)
			}
			service.InjectInto(test.action, arrives, test.fault)
			terraform := newCLI(t, strings.ReplaceAll(`
provider "aliyun" {
  region    = "cn-hangzhou"
  endpoints {
    ecs = "SERVICE"
    sts = "SERVICE"
  }
`+test.arguments+`
}
data "aliyun_ecs_snapshots" "all" {}
data "aliyun_ecs_snapshots" "more" { status = "all" }
`, "SERVICE", service.URL))
			terraform.prepare = inOwnGroup
			command, output := terraform.start(test.command...)
			ended := make(chan struct{})
			go func() {
				defer close(ended)
				_ = command.Wait() // The process' state tells how it ended.
			}()
			select {
			case <-arrived:
			case <-ended:
				t.Fatalf("the command ended by itself:\n%s", output)
			}

			interrupted := time.Now()
			if err := syscall.Kill(-command.Process.Pid, syscall.SIGINT); err != nil {
				t.Fatal(err)
			}
			<-ended // Nothing else ends the read in the time that the command has.
			t.Logf("ended after %s", time.Since(interrupted))
			text := unwrapped(output.String())
			if command.ProcessState.ExitCode() != 1 || !strings.Contains(text, "Reading Snapshots Cancelled") {
				t.Errorf("the command ended with %s:\n%s", command.ProcessState, text)
			}
		})
	}
}

// inOwnGroup makes the command the first of a process group, which its provider
// belongs to as well.
func inOwnGroup(command *exec.Cmd) {
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGKILL) }
}

const assumeRole = `
  assume_role { role_arn = "` + roleARN + `" }
`
