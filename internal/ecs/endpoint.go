package ecs

import (
	"cmp"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// regionEndpoint gives a region's public endpoint.
func regionEndpoint(region string) rpc.Endpoint {
	return rpc.Endpoint{Scheme: "https", Host: cmp.Or(exceptionalHosts[region], "ecs."+region+".aliyuncs.com")}
}

// exceptionalHosts are the public endpoints that aren't named after their region,
// as the table of the SDK's services/ecs/endpoint.go has them for regions that
// customers can use.
var exceptionalHosts = map[string]string{
	"cn-hangzhou":             "ecs-cn-hangzhou.aliyuncs.com",
	"cn-hangzhou-finance":     "ecs.aliyuncs.com",
	"cn-shanghai-finance-1":   "ecs-cn-hangzhou.aliyuncs.com",
	"cn-shenzhen-finance-1":   "ecs-cn-hangzhou.aliyuncs.com",
	"cn-north-2-gov-1":        "ecs.aliyuncs.com",
	"cn-beijing-gov-1":        "ecs.aliyuncs.com",
	"cn-beijing-finance-pop":  "ecs.aliyuncs.com",
	"cn-hongkong-finance-pop": "ecs.aliyuncs.com",
	"cn-wuhan":                "ecs.aliyuncs.com",
	"cn-fujian":               "ecs-cn-hangzhou.aliyuncs.com",
	"cn-zhangbei":             "ecs.aliyuncs.com",
	"cn-haidian-cm12-c01":     "ecs-cn-hangzhou.aliyuncs.com",
	"cn-edge-1":               "ecs.cn-qingdao-nebula.aliyuncs.com",
	"cn-zhengzhou-nebula-1":   "ecs.cn-qingdao-nebula.aliyuncs.com",
	"cn-huhehaote-nebula-1":   "ecs.cn-qingdao-nebula.aliyuncs.com",
	"eu-west-1-oxs":           "ecs.cn-shenzhen-cloudstone.aliyuncs.com",
	"ap-northeast-2-pop":      "ecs.aliyuncs.com",
	"rus-west-1-pop":          "ecs.aliyuncs.com",
	"cn-yushanfang":           "ecs.aliyuncs.com",
}
