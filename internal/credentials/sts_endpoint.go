package credentials

import (
	"fmt"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// location is what a profile of the CLI says about where to call. It may be zero.
type location struct {
	region    string
	stsRegion string // Of STS alone.
	vpc       bool   // Whether to call STS within the VPC.
}

// stsAt returns the endpoint of STS.
func (f *finder) stsAt(profile location) (rpc.Endpoint, error) {
	if f.cfg.STSEndpoint != (rpc.Endpoint{}) {
		return f.cfg.STSEndpoint, nil
	}
	var region setting
	for _, region = range []setting{
		{"the profile's sts_region", profile.stsRegion},
		{"ALIBABA_CLOUD_STS_REGION", f.env("ALIBABA_CLOUD_STS_REGION")},
		{"the provider's region or its variable", f.cfg.Region},
		{"the profile's region_id", profile.region},
	} {
		if region.value != "" {
			break
		}
	}
	if region.value != "" && !rpc.ValidRegion(region.value) { // It becomes a host, to which a token is sent.
		return rpc.Endpoint{}, &ConfigError{
			Summary: "Invalid Region ID",
			Detail:  fmt.Sprintf("STS is called in the region of %s, and %q is no region id, such as cn-hangzhou.", region.name, region.value),
		}
	}
	vpc := profile.vpc || f.enabled("ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED")
	return rpc.Endpoint{Scheme: "https", Host: stsHost(region.value, vpc)}, nil
}

// stsHost returns the host of STS in a region, or the central one without a region.
func stsHost(region string, vpc bool) string {
	host, exceptional := exceptionalSTS[region]
	switch {
	case region == "":
		return "sts.aliyuncs.com"
	case vpc:
		return "sts-vpc." + region + ".aliyuncs.com"
	case exceptional:
		return host
	}
	return "sts." + region + ".aliyuncs.com"
}

// exceptionalSTS has the hosts that don't follow the pattern, from the table in the
// SDK's services/sts/endpoint.go, for regions that customers use.
var exceptionalSTS = map[string]string{
	"cn-beijing-finance-1":  "sts.aliyuncs.com",
	"cn-hangzhou-finance":   "sts.aliyuncs.com",
	"cn-north-2-gov-1":      "sts-vpc.cn-north-2-gov-1.aliyuncs.com",
	"cn-shenzhen-finance-1": "sts-vpc.cn-shenzhen-finance-1.aliyuncs.com",
}
