package credentials

import (
	"slices"
	"strings"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// stsEndpoint returns the endpoint of STS. Fields of the profile and the CLI's variable
// name a host, which the CLI always calls by HTTPS.
func (f *finder) stsEndpoint(profile *cliProfile) (rpc.Endpoint, error) {
	if profile == nil {
		profile = &cliProfile{}
	}
	if f.cfg.STSEndpoint != (rpc.Endpoint{}) {
		return f.cfg.STSEndpoint, nil
	}
	host := chosen(setting{name: "The profile's sts_endpoint", value: profile.STSEndpoint}, f.variable("ALIBABA_CLOUD_STS_ENDPOINT"))
	if host.value != "" {
		bare := host.value[strings.LastIndex(host.value, "://")+1:]
		endpoint, err := rpc.ParseEndpoint(strings.Trim(bare, "/"))
		if err != nil {
			return endpoint, mistake("Invalid Endpoint", "%s can't be used: %v.", host.name, err)
		}
		return endpoint, nil
	}
	region := chosen(
		setting{name: "the profile's sts_region", value: profile.STSRegion},
		f.variable("ALIBABA_CLOUD_STS_REGION"),
		setting{name: "the provider's region or its variable", value: f.cfg.Region},
		setting{name: "the profile's region_id", value: profile.RegionID},
	)
	if region.value != "" && !rpc.ValidRegion(region.value) { // It becomes a host, to which a token is sent.
		return rpc.Endpoint{}, mistake("Invalid Region ID",
			"STS is called in the region of %s, and %q is no region ID, such as cn-hangzhou.", region.name, region.value)
	}
	vpc := profile.EnableVPC || f.enabled("ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED")
	return rpc.Endpoint{Scheme: "https", Host: stsHost(region.value, vpc)}, nil
}

// stsHost returns the host of STS in a region, or the central one without a region. A
// host that only answers within a VPC must be asked for.
func stsHost(region string, vpc bool) string {
	switch {
	case region == "":
		return centralSTS
	case vpc:
		return "sts-vpc." + region + ".aliyuncs.com"
	case slices.Contains(withoutSTS, region):
		return centralSTS
	}
	return "sts." + region + ".aliyuncs.com"
}

const centralSTS = "sts.aliyuncs.com"

// withoutSTS are the regions for which the table in the SDK's services/sts/endpoint.go
// has the central host. For cn-north-2-gov-1 and cn-shenzhen-finance-1 it has hosts
// that answer within a VPC alone.
var withoutSTS = []string{
	"ap-northeast-2-pop", "cn-beijing-finance-1", "cn-beijing-finance-pop", "cn-beijing-gov-1", "cn-beijing-nu16-b01", "cn-edge-1",
	"cn-fujian", "cn-haidian-cm12-c01", "cn-hangzhou-bj-b01", "cn-hangzhou-finance", "cn-hangzhou-internal-prod-1",
	"cn-hangzhou-internal-test-1", "cn-hangzhou-internal-test-2", "cn-hangzhou-internal-test-3", "cn-hangzhou-test-306",
	"cn-hongkong-finance-pop", "cn-huhehaote-nebula-1", "cn-north-2-gov-1", "cn-qingdao-nebula", "cn-shanghai-et15-b01",
	"cn-shanghai-et2-b01", "cn-shanghai-inner", "cn-shanghai-internal-test-1", "cn-shenzhen-finance-1", "cn-shenzhen-inner",
	"cn-shenzhen-st4-d01", "cn-shenzhen-su18-b01", "cn-wuhan", "cn-yushanfang", "cn-zhangbei", "cn-zhangbei-na61-b01",
	"cn-zhangjiakou-na62-a01", "cn-zhengzhou-nebula-1", "eu-west-1-oxs", "rus-west-1-pop",
}
