package credentials

import "testing"

func TestSTSEndpoint(t *testing.T) {
	t.Parallel()
	const region, vpc, host = "ALIBABA_CLOUD_STS_REGION", "ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED", "ALIBABA_CLOUD_STS_ENDPOINT"
	for name, test := range map[string]struct {
		cfg       Config
		profile   cliProfile
		variables map[string]string
		want      string
	}{
		"no region":            {Config{}, cliProfile{}, nil, "https://sts.aliyuncs.com"},
		"region":               {Config{Region: "cn-beijing"}, cliProfile{RegionID: "cn-hangzhou"}, nil, "https://sts.cn-beijing.aliyuncs.com"},
		"profile's region":     {Config{}, cliProfile{RegionID: "cn-hangzhou"}, nil, "https://sts.cn-hangzhou.aliyuncs.com"},
		"profile's STS region": {Config{Region: "cn-beijing"}, cliProfile{STSRegion: "cn-shanghai"}, map[string]string{region: "cn-qingdao"}, "https://sts.cn-shanghai.aliyuncs.com"},
		"profile's VPC":        {Config{Region: "cn-beijing"}, cliProfile{EnableVPC: true}, nil, "https://sts-vpc.cn-beijing.aliyuncs.com"},
		"variables":            {Config{Region: "cn-beijing"}, cliProfile{}, map[string]string{region: "cn-qingdao", vpc: "TRUE"}, "https://sts-vpc.cn-qingdao.aliyuncs.com"},
		"endpoint":             {Config{STSEndpoint: endpoint("http://h:1"), Region: "cn-x"}, cliProfile{EnableVPC: true, STSRegion: "cn-x", STSEndpoint: "p"}, map[string]string{vpc: "true", host: "v"}, "http://h:1"},
		"profile's endpoint":   {Config{}, cliProfile{STSEndpoint: "http://sts.example/"}, map[string]string{host: "other.example"}, "https://sts.example"},
		"CLI's variable":       {Config{}, cliProfile{}, map[string]string{host: "https://sts.example:8443"}, "https://sts.example:8443"},
		"central":              {Config{Region: "cn-hangzhou-finance"}, cliProfile{}, nil, "https://sts.aliyuncs.com"},
		"Fujian":               {Config{Region: "cn-fujian"}, cliProfile{}, nil, "https://sts.aliyuncs.com"},
		"edge":                 {Config{Region: "cn-edge-1"}, cliProfile{}, nil, "https://sts.aliyuncs.com"},
		"government":           {Config{Region: "cn-north-2-gov-1"}, cliProfile{}, nil, "https://sts.aliyuncs.com"},
		"finance":              {Config{Region: "cn-shenzhen-finance-1"}, cliProfile{}, nil, "https://sts.aliyuncs.com"},
		"government's VPC":     {Config{Region: "cn-north-2-gov-1"}, cliProfile{EnableVPC: true}, nil, "https://sts-vpc.cn-north-2-gov-1.aliyuncs.com"},
	} {
		cfg := test.cfg
		cfg.LookupEnv = environment(test.variables)
		got, err := (&finder{cfg: cfg}).stsEndpoint(&test.profile)
		if err != nil || got.String() != test.want {
			t.Errorf("%s: %s, %v, want %s", name, got, err, test.want)
		}
	}
}

func TestBadSTSEndpoint(t *testing.T) {
	t.Parallel()
	cfg := roleConfig("http://h")
	cfg.STSEndpoint.Host, cfg.STSEndpoint.Scheme = "", ""
	for _, host := range []string{"https://user:s3cret@sts.example", "sts.example/path", "a b"} {
		cfg.LookupEnv = environment(map[string]string{"ALIBABA_CLOUD_STS_ENDPOINT": host})
		text := configError(t, cfg).Error()
		wantText(t, text, "Invalid Endpoint", "ALIBABA_CLOUD_STS_ENDPOINT")
		wantNone(t, text, "s3cret")
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
			cfg.AccessKey, cfg.SecretKey, cfg.AssumeRole = "k", "s", &Role{RoleARN: arn("r")}
			wantText(t, configError(t, cfg).Error(), "Invalid Region ID", name)
		}
	}
}
