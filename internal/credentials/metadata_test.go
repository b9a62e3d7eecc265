package credentials

import (
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// Version 2 of the service is asked first, with a token; an old one, without tokens, is
// used unless that is forbidden.
func TestMetadataVersions(t *testing.T) {
	t.Parallel()
	service := newMetadata(t)
	cfg := Config{ECSRoleName: "instance-role", MetadataEndpoint: endpoint(service.URL)}
	keysOf(t, cfg)
	if service.v1 != 0 || service.v2 != 1 {
		t.Errorf("%d requests without a token, %d with one", service.v1, service.v2)
	}
	tokens := func(handler http.HandlerFunc) {
		service.fault = func(w http.ResponseWriter, r *http.Request) bool {
			if r.Method == http.MethodPut {
				handler(w, r)
			}
			return r.Method == http.MethodPut
		}
	}
	tokens(http.NotFound)
	if keys := keysOf(t, cfg); keys.AccessKeyID != "metadata-key" || service.v1 != 1 {
		t.Errorf("the key is %q after %d requests without a token", keys.AccessKeyID, service.v1)
	}
	tokens(http.RedirectHandler("/elsewhere", http.StatusFound).ServeHTTP)
	wantText(t, errorOf(t, cfg).Error(), "302")
	tokens(http.NotFound)
	cfg.LookupEnv = environment(map[string]string{imdsV1Disabled: "true"})
	refused := errorOf(t, cfg).Error() // The role may well exist.
	wantText(t, refused, "the metadata service gives no token", "404", imdsV1Disabled+" is true")
	wantNone(t, refused, "no such RAM role")
	if service.v1 != 1 {
		t.Errorf("%d requests without a token", service.v1)
	}
}

func TestMetadataFailures(t *testing.T) {
	t.Parallel()
	service := newMetadata(t)
	for name, test := range map[string]struct {
		role  string
		parts []string
	}{
		"unknown role": {"unknown", []string{"HTTP status 404: no such RAM role on this machine"}},
		"path":         {"../../x?y", []string{"no such RAM role"}},
	} {
		cfg := Config{ECSRoleName: test.role, MetadataEndpoint: endpoint(service.URL)}
		wantText(t, newSource(t, cfg).String(), test.role+` (attribute "ecs_role_name")`)
		wantText(t, errorOf(t, cfg).Error(), test.parts...)
		_ = name
	}
	const secret = "answered-secret"
	for status, body := range map[int]string{200: secret, 403: secret, 500: "<html>" + secret} {
		service := newMetadata(t)
		service.fault = func(w http.ResponseWriter, r *http.Request) bool {
			if r.Method == http.MethodPut {
				return false
			}
			http.Error(w, body, status)
			return true
		}
		got := errorOf(t, Config{ECSRoleName: "role", MetadataEndpoint: endpoint(service.URL)})
		wantNone(t, got.Error(), secret, "metadata-token")
		if got.Transient != (status == 500) {
			t.Errorf("%d: %+v", status, got)
		}
	}
}

// Where even the metadata service has nothing, the error tells of every place. Once
// it answered, its failure is its own.
func TestLastResort(t *testing.T) {
	t.Parallel()
	service := newMetadata(t)
	var down atomic.Bool
	service.fault = func(w http.ResponseWriter, r *http.Request) bool {
		if down.Load() {
			http.NotFound(w, r)
		}
		return down.Load()
	}
	source := newSource(t, Config{MetadataEndpoint: endpoint(service.URL)})
	down.Store(true)
	_, err := source.Retrieve(t.Context())
	var mistake *ConfigError
	if !errors.As(err, &mistake) || strings.Count(mistake.Detail, "\n  - ") != 14 {
		t.Fatalf("%+v", err)
	}
	wantText(t, err.Error(), "No Credentials Found: Set the variables", `attribute "profile": not set`, "the instance's RAM role: "+endpoint(service.URL).Host+": HTTP status 404: no such RAM role on this machine")
	down.Store(false)
	keys := mustGet(t, source)
	down.Store(true)
	source.Invalidate(keys)
	var failure *rpc.Error
	if _, err := source.Retrieve(t.Context()); !errors.As(err, &failure) {
		t.Error(err)
	}
}
