package provider

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

// Proxies are for hosts other than loopback ones: 0.0.0.0 leads to this machine
// and is none of them.
func TestProxy(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		environment []string
		proxied     bool
	}{
		"HTTP_PROXY":       {nil, true},
		"NO_PROXY":         {[]string{"NO_PROXY=10.0.0.0/8,0.0.0.0"}, false},
		"another NO_PROXY": {[]string{"NO_PROXY=0.0.0,example.com"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			// The service answers as a proxy too: it takes no notice of the host.
			proxy, direct := ecstest.Start(t), ecstest.Start(t)
			host := strings.Replace(direct.URL, "127.0.0.1", "0.0.0.0", 1)
			terraform := newCLI(t, fmt.Sprintf(`
provider "aliyun" {
  region      = "cn-hangzhou"
  access_key  = %q
  secret_key  = %q
  endpoints {
    ecs = %q
    sts = %q
  }
  assume_role { role_arn = %q }
}
data "aliyun_ecs_snapshots" "all" {}
`, ecstest.AccessKeyID, ecstest.AccessKeySecret, host, host, roleARN), append(test.environment, "HTTP_PROXY="+proxy.URL)...)
			terraform.must("plan")
			for action, calls := range map[string]int{ecstest.ActionDescribeSnapshots: 1, ecstest.ActionAssumeRole: 1} {
				want := map[*ecstest.Server]int{proxy: 0, direct: calls}
				if test.proxied {
					want = map[*ecstest.Server]int{proxy: calls, direct: 0}
				}
				for service, calls := range want {
					if got := service.CallCount(action); got != calls {
						t.Errorf("%s: %d calls, want %d", action, got, calls)
					}
				}
			}
		})
	}
}

// To a host that speaks https a proxy is only asked for a tunnel.
func TestHTTPSProxy(t *testing.T) {
	t.Parallel()
	var (
		mu      sync.Mutex
		tunnels []string
	)
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		tunnels = append(tunnels, r.Method+" "+r.Host)
		w.WriteHeader(http.StatusForbidden)
	}))
	t.Cleanup(proxy.Close)
	text, code := newCLI(t, `
provider "aliyun" {
  region     = "cn-beijing"
  access_key = "LTAIkey"
  secret_key = "secret"
}
data "aliyun_ecs_snapshots" "all" {}
`, "HTTPS_PROXY="+proxy.URL).run("plan")
	if code == 0 {
		t.Error("the plan succeeded")
	}
	wantTexts(t, text, "Could Not Reach the API", "ecs.cn-beijing.aliyuncs.com", "the proxy", "refuses to connect: 403 Forbidden", "HTTPS_PROXY")
	mu.Lock()
	defer mu.Unlock()
	if len(tunnels) != 1 || tunnels[0] != "CONNECT ecs.cn-beijing.aliyuncs.com:443" {
		t.Errorf("the proxy was asked for %q", tunnels)
	}
}

// Whoever hands out credentials on this machine or beside it is not asked by a proxy, which would see
// them, and could give others.
func TestSourcesBesideAreNotProxied(t *testing.T) {
	t.Parallel()
	proxy := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { t.Errorf("the proxy was asked for %s", r.URL) }))
	t.Cleanup(proxy.Close)
	service := ecstest.Start(t)
	for name, arguments := range map[string]string{
		"URI":        fmt.Sprintf("credentials_uri = %q", service.URL+ecstest.CredentialsPath),
		"metadata":   fmt.Sprintf("ecs_role_name = %q", ecstest.RoleName),
		"link-local": `credentials_uri = "http://169.254.1.1:1/keys"`,
	} {
		ecs := service
		if name == "metadata" {
			ecs = builtInstance
		}
		text, code := newCLI(t, fmt.Sprintf(`
provider "aliyun" {
  region = "cn-hangzhou"
  %s
  endpoints { ecs = %q }
}
data "aliyun_ecs_snapshots" "all" {
  timeouts { read = "2s" }
}
`, arguments, ecs.URL), "HTTP_PROXY="+proxy.URL, "http_proxy="+proxy.URL, "HTTPS_PROXY="+proxy.URL).run("plan")
		if (code != 0) != (name == "link-local") {
			t.Errorf("%s: %s", name, text)
		}
	}
}
