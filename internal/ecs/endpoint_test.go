package ecs

import (
	"strings"
	"testing"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

func TestRegionEndpoint(t *testing.T) {
	t.Parallel()
	for region, want := range map[string]string{
		"cn-hangzhou":         "https://ecs-cn-hangzhou.aliyuncs.com",
		"cn-beijing":          "https://ecs.cn-beijing.aliyuncs.com",
		"eu-central-1":        "https://ecs.eu-central-1.aliyuncs.com",
		"cn-of-tomorrow-9":    "https://ecs.cn-of-tomorrow-9.aliyuncs.com",
		"cn-fujian":           "https://ecs-cn-hangzhou.aliyuncs.com",
		"cn-hangzhou-finance": "https://ecs.aliyuncs.com",
	} {
		if got := regionEndpoint(region).String(); got != want {
			t.Errorf("%s: got %s, want %s", region, got, want)
		}
	}
	for _, regions := range exceptionalHosts {
		for _, region := range regions {
			if !rpc.ValidRegion(region) {
				t.Errorf("%s is no region", region)
			}
		}
	}
}

func TestValidRegion(t *testing.T) {
	t.Parallel()
	for region, want := range map[string]bool{
		"cn-hangzhou": true, "us-east-1": true, "cn-shanghai-finance-1": true, "rus-west-1-pop": true,
		"": false, "cn": false, "cn-": false, "-cn": false, "CN-hangzhou": false, "cn_hangzhou": false, "cn-hangzhou.evil.example": false,
		"cn-hang/zhou": false, "cn-hangzhou\n": false, "cn-快": false, "cn-" + strings.Repeat("a", 60): false,
	} {
		if got := rpc.ValidRegion(region); got != want {
			t.Errorf("%q: %t", region, got)
		}
	}
}
