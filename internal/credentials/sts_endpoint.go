package credentials

import "github.com/seed01464933/terraform-provider-aliyun/internal/rpc"

// stsEndpoint gives the endpoint of STS in a region, also within a VPC; without a
// region, that which serves all of them.
func (f *finder) stsEndpoint(region string, vpc bool) rpc.Endpoint {
	if f.cfg.STSEndpoint != (rpc.Endpoint{}) {
		return f.cfg.STSEndpoint
	}
	host := "sts." + region + ".aliyuncs.com"
	switch {
	case region == "":
		host = "sts.aliyuncs.com"
	case vpc:
		host = "sts-vpc." + region + ".aliyuncs.com"
	}
	return rpc.Endpoint{Scheme: "https", Host: host}
}
