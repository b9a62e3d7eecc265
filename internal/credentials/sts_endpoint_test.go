package credentials

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// clientOf gives the client of STS of a source that is a role.
func clientOf(t *testing.T, source *Source) *stsClient {
	t.Helper()
	session, ok := source.provider.(*refreshing)
	if !ok {
		t.Fatalf("%s is no role", source)
	}
	switch role := session.fetcher.(type) {
	case *assumeRole:
		return role.client
	case *assumeRoleWithOIDC:
		return role.client
	}
	t.Fatalf("%s is no role", source)
	return nil
}

func TestSTSEndpoint(t *testing.T) {
	t.Parallel()
	own := endpoint("http://h:1")
	region, vpc := "ALIBABA_CLOUD_STS_REGION", "ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED"
	tests := map[string]struct {
		cfg       Config
		profile   profile
		variables map[string]string
		want      string
	}{
		"no region":           {Config{}, nil, nil, "https://sts.aliyuncs.com"},
		"region":              {Config{Region: "cn-beijing"}, profile{"region_id": "cn-hangzhou"}, nil, "https://sts.cn-beijing.aliyuncs.com"},
		"profile's region":    {Config{}, profile{"region_id": "cn-hangzhou"}, nil, "https://sts.cn-hangzhou.aliyuncs.com"},
		"profile's STS":       {Config{Region: "cn-beijing"}, profile{"sts_region": "cn-shanghai"}, map[string]string{region: "cn-qingdao"}, "https://sts.cn-shanghai.aliyuncs.com"},
		"profile's VPC":       {Config{Region: "cn-beijing"}, profile{"enable_vpc": true}, nil, "https://sts-vpc.cn-beijing.aliyuncs.com"},
		"variables":           {Config{Region: "cn-beijing"}, nil, map[string]string{region: "cn-qingdao", vpc: "TRUE"}, "https://sts-vpc.cn-qingdao.aliyuncs.com"},
		"endpoint beats VPC":  {Config{STSEndpoint: own}, profile{"enable_vpc": true, "sts_region": "cn-x"}, map[string]string{vpc: "true"}, "http://h:1"},
		"endpoint and region": {Config{STSEndpoint: own, Region: "cn-x"}, nil, nil, "http://h:1"},
		"central":             {Config{Region: "cn-hangzhou-finance"}, nil, nil, "https://sts.aliyuncs.com"},
		"government":          {Config{Region: "cn-north-2-gov-1"}, nil, nil, "https://sts-vpc.cn-north-2-gov-1.aliyuncs.com"},
	}
	for name, test := range tests {
		own := profile{"name": "own", "mode": "ChainableRamRoleArn", "source_profile": "base", "ram_role_arn": "r"}
		below := profile{"name": "below", "mode": "AK", "access_key_id": "k", "access_key_secret": "s"}
		for field, value := range test.profile {
			own[field], below[field] = value, value
		}
		base := akProfile()
		delete(base, "region_id")
		sources := map[string]func(cfg *Config){
			"the profile's role":    func(cfg *Config) { cfg.Profile = "own" },
			"a role on the profile": func(cfg *Config) { cfg.Profile, cfg.AssumeRole = "below", &AssumeRole{RoleARN: "top"} },
		}
		if test.profile == nil {
			sources["a role on keys"] = func(cfg *Config) {
				cfg.AccessKey, cfg.SecretKey, cfg.AssumeRole = "k", "s", &AssumeRole{RoleARN: "top"}
			}
			sources["OIDC"] = func(cfg *Config) {
				cfg.AssumeRoleWithOIDC = &AssumeRoleWithOIDC{RoleARN: "r", ProviderARN: "p", Token: "t"}
			}
		}
		for source, set := range sources {
			cfg := test.cfg
			cfg.SharedCredentialsFile = cliFile(t, base, own, below)
			cfg.LookupEnv = environment(test.variables)
			set(&cfg)
			client := clientOf(t, newSource(t, cfg))
			if diff := cmp.Diff(test.want, client.endpoint.String()); diff != "" {
				t.Errorf("%s, %s: %s", name, source, diff)
			}
		}
	}
}

// What is no region doesn't become a host.
func TestSTSRegionIsARegion(t *testing.T) {
	t.Parallel()
	for _, region := range []string{"evil.example/", "cn-hangzhou.evil.example", "CN Hangzhou"} {
		for name, cfg := range map[string]Config{
			"STS_REGION": {LookupEnv: environment(map[string]string{"ALIBABA_CLOUD_STS_REGION": region})},
			"region":     {Region: region},
		} {
			cfg.AccessKey, cfg.SecretKey, cfg.AssumeRole = "k", "s", &AssumeRole{RoleARN: "r"}
			wantText(t, configError(t, cfg).Error(), "Invalid Region ID", name)
		}
	}
}
