//go:build linux

package provider

import (
	"bufio"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

// maxPeak is the most memory of the provider's process, in MiB, whatever a server answers.
const maxPeak = 200

// maxReply is about what a page may unfold to.
const maxReply = 4 << 20

// hostilePages take much more memory than a page, or lead to more pages without end. Of a list of many
// pages the first is good, so that 32 of the others are requested side by side.
func hostilePages() map[string]ecstest.Fault {
	const start, end = `{"SnapshotId":"s-1","Status":"accomplished","CreationTime":"2026-05-01T00:00:00Z",`, `"Usage":"none"}`
	faults := map[string]ecstest.Fault{
		"many empty snapshots": ecstest.ManyEmptySnapshots(5_000_000),
		"long headers":         longHeaders(),
		"a long token":         respond([]byte(filled(`{"TotalCount":0,"Snapshots":{"Snapshot":[`+start+end+`]},"NextToken":"`, "%", `"}`))),
		"long snapshots":       pages(func(page int) []byte { return pageOf(3300, page, longField) }),
		"a total of 2^60":      pages(func(page int) []byte { return pageOf(1<<60, page, `"Usage":"none"`) }),
		"tokens":               tokens(`"Usage":"none"`, ""),
		"tokens, long pages":   tokens(longField, ""),
		"tokens, long":         tokens(`"Usage":"none"`, strings.Repeat("x", maxReply-100_000)),
	}
	for name, snapshot := range map[string]string{
		"empty tags":        filled(start+`"Tags":{"Tag":[`, "{},", `{}]},`+end),
		"tags":              start + `"Tags":{"Tag":[` + numbered(`{"TagKey":"%d"},`, 180_000) + `{"TagKey":"k"}]},` + end,
		"members":           start + numbered(`"%x":0,`, 350_000) + `"Progress":"x",` + end,
		"a long name":       filled(start+`"SnapshotName":"`, "x", `",`+end),
		"an escaped name":   filled(start+`"SnapshotName":"`, `\u0344`, `",`+end),
		"a decomposed name": filled(start+`"SnapshotName":"`, "\u0344", `",`+end),
		"a long id":         filled(`{"SnapshotId":"`, "x", `",`+end),
		"a long number":     filled(start+`"SourceDiskSize":`, "9", ","+end),
		"depth":             start + `"Description":` + strings.Repeat("[", 9000) + strings.Repeat("]", 9000) + "," + end,
		"empty snapshots":   filled("{}", ",{}", ""),
	} {
		others := snapshotsOf(2, end[:len(end)-1])
		page := []byte(`{"TotalCount":3300,"Snapshots":{"Snapshot":[` + snapshot + others[strings.Index(others, ",{"):] + `]}}`)
		faults[name] = onlyPage(1, pageOf(3300, 1, end[:len(end)-1]), respond(page))
	}
	for name, page := range map[string]string{
		"many lists":   filled(`{"TotalCount":3300`, `,"Snapshots":{"Snapshot":[`+strings.Repeat("{},", 99)+`{}]}`, "}"),
		"many members": filled(`{"TotalCount":3300,"Snapshots":{"Snapshot":[]}`, `,"Message":""`, "}"),
	} {
		faults[name] = onlyPage(1, pageOf(3300, 1, end[:len(end)-1]), respond([]byte(page)))
	}
	return faults
}

func filled(start, unit, end string) string {
	return start + strings.Repeat(unit, (maxReply-20_000-len(start)-len(end))/len(unit)) + end
}

func numbered(format string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

func respond(body []byte) ecstest.Fault {
	return ecstest.Respond(http.StatusOK, "application/json", body)
}

// onlyPage answers for a page, and leaves the others to a fault.
func onlyPage(number int, body []byte, others ecstest.Fault) ecstest.Fault {
	return func(x *ecstest.Exchange, next ecstest.Handler) *ecstest.Reply {
		if x.Page() == number {
			return respond(body)(x, next)
		}
		return others(x, next)
	}
}

// longField makes a page of 100 as long as one can be.
var longField = `"Description":"` + strings.Repeat("x", (maxReply-30_000)/100) + `"`

func pageOf(total, page int, field string) []byte {
	return fmt.Appendf(nil, `{"TotalCount":%d,"Snapshots":{"Snapshot":[%s]}}`, total, snapshotsOf(page, field))
}

// snapshotsOf are 100 snapshots with another field, no two of them on any pages the same.
func snapshotsOf(page int, field string) string {
	var b strings.Builder
	for i := range 100 {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"SnapshotId":"s-%d-%d","Status":"accomplished","CreationTime":"2026-05-01T00:00:00Z",%s}`, page, i, field)
	}
	return b.String()
}

// pages answers by the number that is asked for.
func pages(body func(page int) []byte) ecstest.Fault {
	return func(x *ecstest.Exchange, next ecstest.Handler) *ecstest.Reply {
		return respond(body(x.Page()))(x, next)
	}
}

// tokens answers with another page, and a token, each time.
func tokens(field, token string) ecstest.Fault {
	var calls atomic.Int64
	return func(x *ecstest.Exchange, next ecstest.Handler) *ecstest.Reply {
		n := int(calls.Add(1))
		return respond(fmt.Appendf(nil, `{"Snapshots":{"Snapshot":[%s]},"NextToken":"%d%s"}`, snapshotsOf(n, field), n, token))(x, next)
	}
}

// longHeaders has as many names as a header can have.
func longHeaders() ecstest.Fault {
	return func(x *ecstest.Exchange, next ecstest.Handler) *ecstest.Reply {
		reply := next(x)
		for i := range 100_000 {
			reply.Header[fmt.Sprintf("X%d", i)] = []string{""}
		}
		return reply
	}
}

// hostileBodies are answers of any server.
func hostileBodies() map[string]ecstest.Fault {
	const giga = 1 << 30
	return map[string]ecstest.Fault{
		"blanks":             ecstest.GzipBomb("{", " ", giga, "}"),
		"objects":            ecstest.GzipBomb(`{"Value":[`, "{},", giga/3, "{}]}"),
		"one string":         ecstest.GzipBomb(`{"AccessKeyId":"`, "x", giga, `"}`),
		"nested objects":     ecstest.GzipBomb("", `{"CloudCredential":`, giga/20, ""),
		"a body without end": ecstest.EndlessBody(`{"Snapshots":{"Snapshot":[`, "{},"),
		"gzip without end":   ecstest.EndlessGzip(`{"Credentials":[`, "{},"),
		"a long error":       ecstest.LongError(http.StatusBadRequest, "Odd", 100<<20),
		"long headers":       longHeaders(),
	}
}

// quick are the cases that run without ROUNDS: one of each kind.
func quick(source, name string) bool {
	if source == "ECS page" {
		return slices.Contains([]string{
			"many empty snapshots", "many lists", "a decomposed name", "depth", "a long token", "long headers",
		}, name)
	}
	return name == "objects" || name == "a body without end"
}

// TestHostileRepliesTakeLittleMemory measures the built provider, as Terraform runs it. ROUNDS, set to anything,
// runs all cases.
func TestHostileRepliesTakeLittleMemory(t *testing.T) {
	t.Parallel()
	const keys = "access_key = \"" + ecstest.AccessKeyID + "\"\nsecret_key = \"" + ecstest.AccessKeySecret + "\"\n"
	const role = "role_arn = \"" + roleARN + "\"\n"
	for source, test := range map[string]struct {
		action, arguments string
		faults            map[string]ecstest.Fault
	}{
		"ECS page": {ecstest.ActionDescribeSnapshots, keys, hostilePages()},
		"ECS":      {ecstest.ActionDescribeSnapshots, keys, hostileBodies()},
		"STS":      {ecstest.ActionAssumeRole, keys + "assume_role {\n" + role + "}\n", hostileBodies()},
		"OIDC": {
			ecstest.ActionAssumeRoleWithOIDC,
			"assume_role_with_oidc {\n" + role + "oidc_provider_arn = \"" + oidcProviderARN + "\"\noidc_token = \"token\"\n}\n", hostileBodies(),
		},
		"URI":      {ecstest.ActionCredentialsURI, "credentials_uri = \"SERVICE" + ecstest.CredentialsPath + "\"\n", hostileBodies()},
		"metadata": {ecstest.ActionMetadataCredentials, "ecs_role_name = \"ROLE\"\n", hostileBodies()},
	} {
		for name, fault := range test.faults {
			if os.Getenv("ROUNDS") == "" && !quick(source, name) {
				continue
			}
			t.Run(source+", "+name, func(t *testing.T) {
				role := "hostile-" + strings.ReplaceAll(name, " ", "-")
				service := ecstest.Start(t)
				at := service
				if test.action == ecstest.ActionMetadataCredentials { // Other tests use its role.
					at = builtInstance
					fault = ecstest.When(func(x *ecstest.Exchange) bool { return strings.HasSuffix(x.Request.URL.Path, "/"+role) }, fault)
				}
				at.InjectInto(test.action, fault)
				before := at.CallCount(test.action)
				peak, text := peakMemory(t, newCLI(t, strings.NewReplacer("ARGUMENTS", strings.NewReplacer("SERVICE", service.URL, "ROLE", role).Replace(test.arguments), "SERVICE", service.URL).Replace(`
provider "aliyun" {
  region                  = "cn-hangzhou"
  max_concurrent_requests = 32
  endpoints {
    ecs = "SERVICE"
    sts = "SERVICE"
  }
ARGUMENTS
}
data "aliyun_ecs_snapshots" "all" {
  timeouts { read = "2s" }
}
`)))
				if at.CallCount(test.action) == before {
					t.Errorf("nothing was asked for: %s", text)
				}
				t.Logf("%d MiB: %.500s", peak, text)
				if peak > maxPeak {
					t.Errorf("the provider took %d MiB; the plan said:\n%.1000s", peak, text)
				}
				if len(text) > 20_000 {
					t.Errorf("the plan said %d characters", len(text))
				}
			})
		}
	}
}

// peakMemory is the most memory in MiB that the provider takes for a plan, and what the plan says. The
// provider runs as under a debugger, which makes it a process of ours.
func peakMemory(t *testing.T, terraform *cli) (mib int64, text string) {
	t.Helper()
	command := exec.CommandContext(t.Context(), filepath.Join(buildFolder, "terraform-provider-aliyun"), "-debug") //nolint:gosec // The test's own program.
	command.Env = append(terraform.env, "GOGC=100")                                                                // Go's default, whatever the tests run with.
	stdout, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(stdout); lines.Scan(); {
		if name, value, ok := strings.Cut(strings.TrimSpace(lines.Text()), "="); ok && name == "TF_REATTACH_PROVIDERS" {
			terraform.env = append(terraform.env, name+"="+strings.Trim(value, "'"))
			break
		}
	}
	text, _ = terraform.run("plan")
	_, text, _ = strings.Cut(text, "Error: ")
	mib = peakOf(t, command.Process.Pid)
	if err := command.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := command.Wait(); err != nil {
		t.Fatal(err)
	}
	return mib, text
}

// peakOf is the most memory that a running process has had. What the system says once it has ended
// counts its parent's, too.
func peakOf(t *testing.T, pid int) (mib int64) {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(status), "VmHWM:")
	if _, err := fmt.Sscan(after, &mib); err != nil {
		t.Fatal(err)
	}
	return mib >> 10
}
