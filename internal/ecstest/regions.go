package ecstest

import "slices"

// Regions are the ids of the regions that the vendor lists, and of those that the SDK's table of ECS endpoints has
// beside them. SetRegions(Regions()...) makes a service that knows no others.
func Regions() []string { return slices.Clone(regions) }

var regions = []string{
	"ap-northeast-1", "ap-northeast-2", "ap-northeast-2-pop", "ap-south-1", "ap-southeast-1", "ap-southeast-2",
	"ap-southeast-3", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7",
	"cn-beijing", "cn-beijing-finance-1", "cn-beijing-finance-pop", "cn-beijing-gov-1", "cn-beijing-nu16-b01",
	"cn-chengdu", "cn-edge-1", "cn-fujian", "cn-fuzhou", "cn-guangzhou", "cn-haidian-cm12-c01",
	"cn-hangzhou", "cn-hangzhou-bj-b01", "cn-hangzhou-finance", "cn-hangzhou-internal-prod-1",
	"cn-hangzhou-internal-test-1", "cn-hangzhou-internal-test-2", "cn-hangzhou-internal-test-3", "cn-hangzhou-test-306",
	"cn-heyuan", "cn-heyuan-acdr-1", "cn-hongkong", "cn-hongkong-finance-pop", "cn-huhehaote", "cn-huhehaote-nebula-1",
	"cn-nanjing", "cn-north-2-gov-1", "cn-qingdao", "cn-qingdao-nebula",
	"cn-shanghai", "cn-shanghai-et15-b01", "cn-shanghai-et2-b01", "cn-shanghai-finance-1", "cn-shanghai-inner",
	"cn-shanghai-internal-test-1", "cn-shenzhen", "cn-shenzhen-finance-1", "cn-shenzhen-inner", "cn-shenzhen-st4-d01",
	"cn-shenzhen-su18-b01", "cn-wuhan", "cn-wuhan-lr", "cn-wulanchabu", "cn-wulanchabu-acdr-1", "cn-yushanfang",
	"cn-zhangbei", "cn-zhangbei-na61-b01", "cn-zhangjiakou", "cn-zhangjiakou-na62-a01", "cn-zhengzhou-jva",
	"cn-zhengzhou-nebula-1",
	"eu-central-1", "eu-west-1", "eu-west-1-oxs", "me-central-1", "me-east-1", "na-south-1", "rus-west-1-pop",
	"us-east-1", "us-southeast-1", "us-west-1",
}
