package credentials

import (
	"fmt"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// location is what a profile of the CLI says of where to call. Zero says nothing.
type location struct {
	region    string
	stsRegion string // Of STS alone.
	vpc       bool   // Whether STS is reached from within a VPC only.
}

// stsAt gives the endpoint of STS and its region, "" where none is known.
func (f *finder) stsAt(profile location) (endpoint rpc.Endpoint, region string, err error) {
	var from string
	for _, place := range []setting{
		{"the profile's sts_region", profile.stsRegion},
		{"ALIBABA_CLOUD_STS_REGION", f.env("ALIBABA_CLOUD_STS_REGION")},
		{"the provider's region or its variable", f.cfg.Region},
		{"the profile's region_id", profile.region},
	} {
		if place.value != "" {
			from, region = place.name, place.value
			break
		}
	}
	if f.cfg.STSEndpoint != (rpc.Endpoint{}) {
		return f.cfg.STSEndpoint, region, nil
	}
	if region != "" && !rpc.ValidRegion(region) { // It becomes a host, to which a token is sent.
		return rpc.Endpoint{}, "", &ConfigError{
			Summary: "Invalid Region ID",
			Detail:  fmt.Sprintf("STS is called in the region of %s, and %q is no region id, such as cn-hangzhou.", from, region),
		}
	}
	vpc := profile.vpc || f.enabled("ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED")
	return rpc.Endpoint{Scheme: "https", Host: stsHost(region, vpc)}, region, nil
}

// stsHost gives the host of STS in a region; without one, that which serves all.
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

// exceptionalSTS are the hosts that aren't named after their region, as the table
// of the SDK's services/sts/endpoint.go has them for regions that customers use.
var exceptionalSTS = map[string]string{
	"cn-beijing-finance-1":  "sts.aliyuncs.com",
	"cn-hangzhou-finance":   "sts.aliyuncs.com",
	"cn-north-2-gov-1":      "sts-vpc.cn-north-2-gov-1.aliyuncs.com",
	"cn-shenzhen-finance-1": "sts-vpc.cn-shenzhen-finance-1.aliyuncs.com",
}
