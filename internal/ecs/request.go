package ecs

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"time"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

const action = "DescribeSnapshots"

// Limits of DescribeSnapshots.
const (
	pageSize  = 100  // The largest PageSize and MaxResults.
	maxIDs    = 100  // The most SnapshotIds of a request.
	filterCap = 1000 // The most resources that Tag and ResourceGroupId see.
)

// parametersOf expresses the query's part at the position.
func parametersOf(q Query, at position) map[string]string {
	parameters := map[string]string{}
	for field, value := range reflect.ValueOf(q).Fields() {
		if name := field.Tag.Get("parameter"); name != "" && value.String() != "" {
			parameters[name] = value.String()
		}
	}
	if q.SnapshotIDs != nil {
		ids, _ := json.Marshal(q.SnapshotIDs) // Strings can't fail.
		parameters["SnapshotIds"] = string(ids)
	}
	if q.Encrypted != nil {
		parameters["Encrypted"] = strconv.FormatBool(*q.Encrypted)
	}
	if q.DryRun {
		parameters["DryRun"] = "true"
	}
	for i, key := range slices.Sorted(maps.Keys(q.Tags)) {
		tag := fmt.Sprintf("Tag.%d.", i+1)
		parameters[tag+"Key"] = key
		if value := q.Tags[key]; value != nil { // Without a value, any matches; it may be empty.
			parameters[tag+"Value"] = *value
		}
	}
	setTime(parameters, "Filter.1.", "CreationStartTime", q.CreationStartTime, -time.Minute)
	setTime(parameters, "Filter.2.", "CreationEndTime", q.CreationEndTime, time.Minute)
	if at.byToken {
		parameters["MaxResults"] = strconv.Itoa(at.size)
	} else {
		parameters["PageNumber"] = strconv.Itoa(at.number)
		parameters["PageSize"] = strconv.Itoa(at.size)
	}
	if at.token != "" {
		parameters["NextToken"] = at.token
	}
	return parameters
}

// setTime sets a bound of the time window, a minute beyond it: the service doesn't say
// whether its bounds are inclusive, nor whether it compares seconds. The exact window is
// applied to the reply. A time beyond the year 9999 bounds nothing.
func setTime(parameters map[string]string, name, key string, bound time.Time, beyond time.Duration) {
	at := bound.UTC().Add(beyond)
	if year := at.Year(); !bound.IsZero() && year >= 1 && year <= 9999 {
		parameters[name+"Key"], parameters[name+"Value"] = key, at.Format("2006-01-02T15:04Z")
	}
}

// regionEndpoint gives a region's public endpoint.
func regionEndpoint(region string) rpc.Endpoint {
	host := "ecs." + region + ".aliyuncs.com"
	for exception, regions := range exceptionalHosts {
		if slices.Contains(regions, region) {
			host = exception
		}
	}
	return rpc.Endpoint{Scheme: "https", Host: host}
}

// exceptionalHosts are the public endpoints that aren't named after their regions,
// as the table of the SDK's services/ecs/endpoint.go has them for regions that
// customers can use.
var exceptionalHosts = map[string][]string{
	"ecs-cn-hangzhou.aliyuncs.com": {"cn-hangzhou", "cn-fujian", "cn-haidian-cm12-c01", "cn-shanghai-finance-1", "cn-shenzhen-finance-1"},
	"ecs.aliyuncs.com": {
		"ap-northeast-2-pop", "cn-beijing-finance-pop", "cn-beijing-gov-1", "cn-hangzhou-finance", "cn-hongkong-finance-pop",
		"cn-north-2-gov-1", "cn-wuhan", "cn-yushanfang", "cn-zhangbei", "rus-west-1-pop",
	},
	"ecs.cn-qingdao-nebula.aliyuncs.com":      {"cn-edge-1", "cn-huhehaote-nebula-1", "cn-zhengzhou-nebula-1"},
	"ecs.cn-shenzhen-cloudstone.aliyuncs.com": {"eu-west-1-oxs"},
}
