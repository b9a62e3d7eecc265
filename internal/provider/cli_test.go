package provider

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

// cliTimeout is far above what a command takes on a busy machine.
const cliTimeout = 2 * time.Minute

// builtVersion is the version of the provider that buildProvider builds.
const builtVersion = "1.2.3-test"

// buildFolder is a temporary folder that lives as long as the process. TestMain
// makes it.
var buildFolder string

var build = sync.OnceValue(func() error {
	binary := filepath.Join(buildFolder, "terraform-provider-aliyun")
	if runtime.GOOS == "windows" {
		binary += ".exe"
	}
	flags := "-s -w -X main.version=" + builtVersion +
		" -X github.com/seed01464933/terraform-provider-aliyun/internal/provider.metadataEndpoint=" + strings.TrimPrefix(builtInstance.URL, "http://")
	command := exec.Command("go", "build", "-buildvcs=false", "-ldflags", flags, "-o", binary, "../..") //nolint:noctx // It ends with the tests.
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("building the provider: %w\n%s", err, output)
	}
	return nil
})

// buildProvider gives the folder with the built provider, as dev_overrides wants
// it. It builds the provider once.
func buildProvider(t *testing.T) string {
	t.Helper()
	if err := build(); err != nil {
		t.Fatal(err)
	}
	return buildFolder
}

// cli is Terraform, or OpenTofu, as a person uses it: with a configuration in a
// folder, and the built provider. Unlike resource.UnitTest it serves each alias
// of the provider by a process of its own, and has signals, an environment and a
// log.
type cli struct {
	t      *testing.T
	folder string
	env    []string
	stdin  string // Of all commands.
	// prepare changes a command before it starts; nil leaves it as it is.
	prepare func(*exec.Cmd)
}

// inherited are variables of the tests' own environment that commands must not
// see.
var inherited = regexp.MustCompile(`(?i)^(ALIBABA_CLOUD_|ALICLOUD_|TF_|(HTTPS?|NO|ALL)_PROXY=|SSL_CERT_|DEBUG=|HOME=|USERPROFILE=)`)

// newCLI writes the configuration. The environment is name=value.
func newCLI(t *testing.T, config string, environment ...string) *cli {
	t.Helper()
	folder := t.TempDir()
	settings := fmt.Sprintf("provider_installation {\n  dev_overrides {\n    \"seed01464933/aliyun\" = %q\n  }\n  direct {}\n}\n", buildProvider(t))
	writeFile(t, filepath.Join(folder, "cli.tfrc"), settings)
	writeFile(t, filepath.Join(folder, "main.tf"), "terraform {\n  required_providers {\n    aliyun = { source = \"seed01464933/aliyun\" }\n  }\n}\n"+config)
	env := []string{"TF_CLI_CONFIG_FILE=" + filepath.Join(folder, "cli.tfrc"), "CHECKPOINT_DISABLE=1", "HOME=" + folder, "USERPROFILE=" + folder}
	for _, variable := range os.Environ() {
		if !inherited.MatchString(variable) {
			env = append(env, variable)
		}
	}
	return &cli{t: t, folder: folder, env: append(env, environment...)}
}

// start starts a command. What it prints is complete when it has ended.
func (c *cli) start(arguments ...string) (command *exec.Cmd, output *bytes.Buffer) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), cliTimeout)
	c.t.Cleanup(cancel)
	engine := cmp.Or(os.Getenv("TF_ACC_TERRAFORM_PATH"), "terraform")
	command = exec.CommandContext(ctx, engine, append(arguments, "-no-color")...) //nolint:gosec // The engine that the tests run with.
	output = &bytes.Buffer{}
	command.Dir, command.Env, command.Stdout, command.Stderr = c.folder, c.env, output, output
	command.Stdin = strings.NewReader(c.stdin)
	command.WaitDelay = 10 * time.Second // A provider that outlives its engine holds nothing up.
	if c.prepare != nil {
		c.prepare(command)
	}
	if err := command.Start(); err != nil {
		c.t.Fatal(err)
	}
	return command, output
}

// run gives what a command prints, without the frames of diagnostics and their
// line breaks, and its exit code.
func (c *cli) run(arguments ...string) (text string, exitCode int) {
	c.t.Helper()
	command, output := c.start(arguments...)
	var exit *exec.ExitError
	if err := command.Wait(); err != nil && !errors.As(err, &exit) {
		c.t.Fatal(err)
	}
	return unwrapped(output.String()), command.ProcessState.ExitCode()
}

// must runs a command that has to succeed.
func (c *cli) must(arguments ...string) string {
	c.t.Helper()
	text, code := c.run(arguments...)
	if code != 0 {
		c.t.Fatalf("%v ended with %d:\n%s", arguments, code, text)
	}
	return text
}

// output reads an output value into the target.
func (c *cli) output(name string, target any) {
	c.t.Helper()
	text := c.must("output", "-json", name)
	if err := json.Unmarshal([]byte(text), target); err != nil {
		c.t.Fatalf("%v:\n%s", err, text)
	}
}

// unwrapped takes the frames and the line breaks out of diagnostics.
func unwrapped(text string) string {
	return strings.Join(strings.Fields(strings.NewReplacer("│", "", "╷", "", "╵", "").Replace(text)), " ")
}

func wantTexts(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q is missing in:\n%s", part, text)
		}
	}
}

func writeFile(t *testing.T, path, content string) string {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// 250 snapshots are three pages of 100, and a plan reads each of them once. What
// was applied plans empty, though the service deals equal times anew each time.
func TestPlanIsThreeCallsAndThenEmpty(t *testing.T) {
	t.Parallel()
	service := ecstest.Start(t, ecstest.Sample(250)...)
	service.SetOrder(ecstest.ShuffleTies(1))
	terraform := newCLI(t, providerBlock(service)+`
data "aliyun_ecs_snapshots" "all" {}
output "ids" { value = data.aliyun_ecs_snapshots.all.ids }
output "latest_by_disk" { value = data.aliyun_ecs_snapshots.all.latest_by_disk }
`)
	terraform.must("plan")
	if n := service.CallCount(ecstest.ActionDescribeSnapshots); n != 3 {
		t.Errorf("a plan made %d calls, want 3", n)
	}
	terraform.must("apply", "-auto-approve")
	if text, code := terraform.run("plan", "-detailed-exitcode"); code != 0 {
		t.Errorf("the second plan ended with %d:\n%s", code, text)
	}
	var ids []string
	terraform.output("ids", &ids)
	if len(ids) != 250 {
		t.Errorf("got %d snapshots, want 250", len(ids))
	}
}
