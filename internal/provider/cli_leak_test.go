package provider

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

// The same through Terraform, whose log at TRACE holds what the framework and
// the plugin's stdout and stderr say too. DEBUG makes the vendor's SDKs print
// what they send, where their own clients send it.
func TestNothingLeaksIntoTerraformsLog(t *testing.T) {
	t.Parallel()
	echoAll := func(x *ecstest.Exchange, next ecstest.Handler) *ecstest.Reply {
		return ecstest.Respond(http.StatusBadGateway, "text/html", []byte("<html>"+wholeCall(x)+stringToSign(x)+"</html>"))(x, next)
	}
	cases := map[string]struct {
		arguments string
		action    string
		fault     ecstest.Fault
	}{
		"works":   {staticLeak, ecstest.ActionDescribeSnapshots, ecstest.Latency(0)},
		"refused": {staticLeak, ecstest.ActionDescribeSnapshots, ecstest.RefuseSignature()},
		"role": {
			staticLeak + fmt.Sprintf("assume_role { role_arn = %q }\n", roleARN),
			ecstest.ActionDescribeSnapshots, ecstest.ErrorCode(400, "InvalidSecurityToken.Expired", "Specified SecurityToken is expired."),
		},
		"sts": {
			staticLeak + fmt.Sprintf("assume_role { role_arn = %q }\n", roleARN),
			ecstest.ActionAssumeRole, ecstest.RefuseSignature(),
		},
		"oidc": {
			fmt.Sprintf("assume_role_with_oidc {\nrole_arn = %q\noidc_provider_arn = %q\noidc_token = %q\n}\n", roleARN, oidcProviderARN, leakOIDCToken),
			ecstest.ActionAssumeRoleWithOIDC, ecstest.FirstN(1, echoAll),
		},
		"uri": {
			"credentials_uri = \"%s" + ecstest.CredentialsPath + "?password=" + leakURIQuery + "\"\n",
			ecstest.ActionCredentialsURI, ecstest.FirstN(1, echoAll),
		},
		"metadata": {
			fmt.Sprintf("ecs_role_name = %q\n", ecstest.RoleName),
			ecstest.ActionMetadataCredentials, ecstest.Latency(0),
		},
		"command": {
			fmt.Sprintf("profile = \"command\"\nshared_credentials_file = %q\n", cliConfig(t, leakingCommand(t, ""))),
			ecstest.ActionAssumeRole, ecstest.RefuseSignature(),
		},
	}
	logins := map[string]string{
		"login":              fmt.Sprintf("profile = \"login\"\nshared_credentials_file = %q\n", cliConfig(t, leakingLogin(t))),
		"command that fails": fmt.Sprintf("profile = \"command\"\nshared_credentials_file = %q\n", cliConfig(t, leakingCommand(t, "; exit 1"))),
	}
	log := filepath.Join(t.TempDir(), "terraform.log")
	environment := []string{"TF_LOG=TRACE", "TF_LOG_PATH=" + log, "DEBUG=sdk,credential"}
	config := ""
	var calls []ecstest.Call
	services := map[string]*ecstest.Server{}
	for name, test := range cases {
		service := ecstest.Start(t, ecstest.Sample(3)...)
		services[name] = service
		service.AddKey(leakKeyID, leakSecret)
		service.AllowOIDCTokens(leakOIDCToken)
		service.InjectInto(test.action, test.fault)
		config += fmt.Sprintf("provider \"aliyun\" {\nalias = %q\nregion = \"cn-hangzhou\"\nendpoints {\necs = %q\nsts = %q\n}\n%s}\n",
			name, service.URL, service.URL, strings.ReplaceAll(test.arguments, "%s", service.URL))
		config += fmt.Sprintf("data \"aliyun_ecs_snapshots\" %q {\nprovider = aliyun.%s\n}\n", name, name)
	}
	for name, arguments := range logins {
		name = strings.ReplaceAll(name, " ", "-")
		config += fmt.Sprintf("provider \"aliyun\" {\nalias = %q\nregion = \"cn-hangzhou\"\n%s}\n", name, arguments)
		config += fmt.Sprintf("data \"aliyun_ecs_snapshots\" %q {\nprovider = aliyun.%s\n}\n", name, name)
	}
	text, code := newCLI(t, config, environment...).run("plan")
	if code == 0 {
		t.Error("the plan succeeded")
	}
	services["metadata"] = builtInstance // Whose keys the other service doesn't know.
	for name, service := range services {
		if service.CallCount(cases[name].action) == 0 {
			t.Errorf("%s: %s was not called", name, cases[name].action)
		}
		calls = append(calls, service.Calls()...)
	}
	logged, err := os.ReadFile(log) //nolint:gosec // The test's own file.
	if err != nil {
		t.Fatal(err)
	}
	wantTexts(t, text, "Odd", `the command of the profile "command" failed`)
	wantTexts(t, string(logged), "API call", "credentials come from", "Read snapshots")
	wantNoLeak(t, text, calls)
	if strings.Contains(string(logged), "unexpected data") || len(leaks(string(logged), calls)) > 0 {
		for line := range strings.Lines(string(logged)) {
			wantNoLeak(t, line, calls)
			if strings.Contains(line, "unexpected data") {
				t.Errorf("the plugin printed: %s", line)
			}
		}
	}
}

// staticLeak are keys that must not be seen.
const staticLeak = "access_key = \"" + leakKeyID + "\"\nsecret_key = \"" + leakSecret + "\"\n"
