package processenv

import (
	"net/http"
	"net/url"
	"testing"
)

// The metadata service is asked directly, whatever the proxy.
func TestMetadataServiceHasNoProxy(t *testing.T) {
	t.Setenv("HTTP_PROXY", "http://proxy.example:3128") // Before the process's first look at it.
	for host, want := range map[string]bool{metadataAddress: false, "ecs.example": true} {
		proxy, err := http.ProxyFromEnvironment(&http.Request{URL: &url.URL{Scheme: "http", Host: host, Path: "/"}})
		if err != nil {
			t.Fatal(err)
		}
		if got := proxy != nil; got != want {
			t.Errorf("%s: by a proxy is %t, want %t", host, got, want)
		}
	}
}
