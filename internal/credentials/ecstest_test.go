package credentials

import (
	"testing"
	"time"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

// The strict local service, which was written from the API's document, has
// nothing to complain about in the calls to STS: it fails the test itself.
func TestAgainstLocalService(t *testing.T) {
	t.Parallel()
	const role = "acs:ram::1234567890123456:role/reader"
	server := ecstest.Start(t)
	server.AddKey("LTAI5tBase", "base-secret")
	server.AllowOIDCTokens("good-token")
	server.SetSessionLife(time.Minute)
	for name, cfg := range map[string]Config{
		"assume_role": {
			AccessKey: "LTAI5tBase", SecretKey: "base-secret",
			AssumeRole: &Role{RoleARN: role, ExternalID: "external", Policy: `{"Version": "1", "Statement": []}`},
		},
		"OIDC": {AssumeRoleWithOIDC: &Role{RoleARN: role, ProviderARN: "acs:ram::1234567890123456:oidc-provider/ci", Token: "good-token"}},
		"OIDC, then assume_role": {
			AssumeRoleWithOIDC: &Role{RoleARN: role, ProviderARN: "acs:ram::1234567890123456:oidc-provider/ci", Token: "good-token"},
			AssumeRole:         &Role{RoleARN: role},
		},
	} {
		cfg.STSEndpoint = endpoint(server.URL)
		if keys := keysOf(t, cfg); keys.SecurityToken == "" {
			t.Errorf("%s: no security token", name)
		}
	}
}
