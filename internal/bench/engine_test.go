//go:build linux

package bench

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
	"github.com/seed01464933/terraform-provider-aliyun/internal/provider"
)

// engine is Terraform or OpenTofu, and the providers that it can run.
type engine struct {
	path            string
	provider, floor executable
}

// executable is a provider's program.
type executable struct {
	path      string
	cliConfig string // The file that has the engine run it.
}

// newEngine builds the provider as a release does, and the floor likewise.
func newEngine(b *testing.B) engine {
	b.Helper()
	path := os.Getenv("TF_ACC_TERRAFORM_PATH")
	if path == "" {
		path = "terraform"
	}
	return engine{path: path, provider: build(b, "../.."), floor: build(b, "./floor")}
}

func build(b *testing.B, pkg string) executable {
	b.Helper()
	dir := b.TempDir()
	built := executable{path: filepath.Join(dir, "terraform-provider-aliyun"), cliConfig: filepath.Join(dir, "cli.tfrc")}
	command := exec.CommandContext(b.Context(), "go", "build", "-trimpath", "-ldflags=-s -w", "-o", built.path, pkg)
	command.Env = append(os.Environ(), "CGO_ENABLED=0")
	output(b, command)
	write(b, built.cliConfig, fmt.Sprintf(`
provider_installation {
  dev_overrides {
    "registry.terraform.io/seed01464933/aliyun" = %[1]q
    "registry.opentofu.org/seed01464933/aliyun" = %[1]q
  }
  direct {}
}
`, dir))
	return built
}

// query is what a configuration reads.
type query struct {
	name       string
	dataSource string
	arguments  string // In HCL.
	config     string // The same in JSON.
	ids        string // The attribute with what is found.
}

// configuration is a folder with HCL that makes one query to a service.
type configuration struct {
	engine engine
	dir    string
	env    []string
}

// configure also keeps the schema and the state for the floor to answer with.
func (e engine) configure(b *testing.B, service *ecstest.Server, q query) configuration {
	b.Helper()
	dir := b.TempDir()
	c := configuration{engine: e, dir: dir, env: append(os.Environ(),
		"CHECKPOINT_DISABLE=1",
		"FLOOR_SCHEMA="+filepath.Join(dir, "schema.json"),
		"FLOOR_STATE="+filepath.Join(dir, "state.msgpack"),
	)}
	write(b, filepath.Join(dir, "main.tf"), fmt.Sprintf(`
terraform {
  required_providers {
    aliyun = { source = "seed01464933/aliyun" }
  }
}
provider "aliyun" {
  region     = %[1]q
  access_key = %[2]q
  secret_key = %[3]q
  endpoints { ecs = %[4]q }
}
data %[5]q "snapshots" {
  %[6]s
}
output "ids" {
  value = data.%[5]s.snapshots.%[7]s
}
`, ecstest.SampleRegion, ecstest.AccessKeyID, ecstest.AccessKeySecret, service.URL, q.dataSource, q.arguments, q.ids))
	write(b, filepath.Join(dir, "schema.json"), output(b, c.command(b, e.provider, "providers", "schema", "-json")))
	write(b, filepath.Join(dir, "state.msgpack"), read(b, service, q))
	return c
}

// command is a run of the engine with a provider.
func (c configuration) command(b *testing.B, with executable, arguments ...string) *exec.Cmd {
	b.Helper()
	command := exec.CommandContext(b.Context(), c.engine.path, arguments...)
	command.Dir = c.dir
	command.Env = append(c.env, "TF_CLI_CONFIG_FILE="+with.cliConfig)
	return command
}

// cost is what a plan takes.
type cost struct {
	wall time.Duration
	cpu  time.Duration // Of the engine and the provider.
}

func (c configuration) plan(b *testing.B, with executable) cost {
	b.Helper()
	command := c.command(b, with, "plan", "-input=false")
	start := time.Now()
	output(b, command)
	return cost{wall: time.Since(start), cpu: command.ProcessState.UserTime() + command.ProcessState.SystemTime()}
}

// peak tells the most memory that the provider takes for a plan, in bytes. The
// provider runs as under a debugger, which makes it a process of ours.
func (c configuration) peak(b *testing.B, of executable) int64 {
	b.Helper()
	command := exec.CommandContext(b.Context(), of.path, "-debug")
	command.Env = c.env
	stdout, err := command.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := command.Start(); err != nil {
		b.Fatal(err)
	}
	for lines := bufio.NewScanner(stdout); lines.Scan(); {
		if name, value, ok := strings.Cut(strings.TrimSpace(lines.Text()), "="); ok && name == "TF_REATTACH_PROVIDERS" {
			attached := c
			attached.env = append(c.env, name+"="+strings.Trim(value, "'"))
			attached.plan(b, of)
			break
		}
	}
	if err := command.Process.Signal(os.Interrupt); err != nil {
		b.Fatal(err)
	}
	if err := command.Wait(); err != nil {
		b.Fatal(err)
	}
	return command.ProcessState.SysUsage().(*syscall.Rusage).Maxrss << 10 //nolint:forcetypeassert // Its type on Unix.
}

// read gives the state of the data source, encoded.
func read(b *testing.B, service *ecstest.Server, q query) string {
	b.Helper()
	server := provider.NewServer("bench")
	configured, err := server.ConfigureProvider(b.Context(), &tfprotov6.ConfigureProviderRequest{Config: &tfprotov6.DynamicValue{
		JSON: fmt.Appendf(nil, `{"region": %q, "access_key": %q, "secret_key": %q, "endpoints": {"ecs": %q}}`,
			ecstest.SampleRegion, ecstest.AccessKeyID, ecstest.AccessKeySecret, service.URL),
	}})
	if err != nil || len(configured.Diagnostics) > 0 {
		b.Fatal(err, configured)
	}
	answer, err := server.ReadDataSource(b.Context(), &tfprotov6.ReadDataSourceRequest{
		TypeName: q.dataSource,
		Config:   &tfprotov6.DynamicValue{JSON: []byte(q.config)},
	})
	if err != nil || len(answer.Diagnostics) > 0 {
		b.Fatal(err, answer)
	}
	return string(answer.State.MsgPack)
}

// output runs a command and gives what it prints.
func output(b *testing.B, command *exec.Cmd) string {
	b.Helper()
	var stderr strings.Builder
	command.Stderr = &stderr
	stdout, err := command.Output()
	if err != nil {
		b.Fatalf("%s: %s\n%s", command, err, stderr.String())
	}
	return string(stdout)
}

func write(b *testing.B, file, text string) {
	b.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		b.Fatal(err)
	}
}
