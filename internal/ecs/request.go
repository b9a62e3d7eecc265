package ecs

import (
	"encoding/json"
	"fmt"
	"maps"
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

// newRequest expresses the query's part at the position.
func newRequest(q Query, at position) *rpc.Request {
	r := rpc.NewRequest("Ecs", "2014-05-26", action)
	set := func(parameter, value string) {
		if value != "" {
			r.QueryParams[parameter] = value
		}
	}
	set("RegionId", q.RegionID)
	set("DiskId", q.DiskID)
	set("InstanceId", q.InstanceID)
	set("SnapshotLinkId", q.SnapshotLinkID)
	set("SnapshotName", q.SnapshotName)
	set("SnapshotType", q.SnapshotType)
	set("SourceDiskType", q.SourceDiskType)
	set("Status", q.Status)
	set("Usage", q.Usage)
	set("Category", q.Category)
	set("KMSKeyId", q.KMSKeyID)
	set("ResourceGroupId", q.ResourceGroupID)
	if q.SnapshotIDs != nil {
		ids, _ := json.Marshal(q.SnapshotIDs) // Strings can't fail.
		set("SnapshotIds", string(ids))
	}
	if q.Encrypted != nil {
		set("Encrypted", strconv.FormatBool(*q.Encrypted))
	}
	if q.DryRun {
		set("DryRun", "true")
	}
	for i, key := range slices.Sorted(maps.Keys(q.Tags)) {
		tag := fmt.Sprintf("Tag.%d.", i+1)
		set(tag+"Key", key)
		if value := q.Tags[key]; value != nil { // Without a value, any matches; it may be empty.
			r.QueryParams[tag+"Value"] = *value
		}
	}
	if !q.CreatedFrom.IsZero() {
		setTime(r, "Filter.1.", "CreationStartTime", q.CreatedFrom.Add(-time.Minute))
	}
	if !q.CreatedTo.IsZero() {
		setTime(r, "Filter.2.", "CreationEndTime", q.CreatedTo.Add(time.Minute))
	}
	if at.byToken {
		set("NextToken", at.token)
		set("MaxResults", strconv.Itoa(at.size))
	} else {
		set("PageNumber", strconv.Itoa(at.number))
		set("PageSize", strconv.Itoa(at.size))
	}
	return r
}

// setTime sets a bound of the time window, to the minute. A time that has no such form,
// as the end of the year 9999 and a minute, bounds nothing.
//
// The service doesn't say whether its bounds are inclusive, nor whether it compares
// seconds. What is asked for is the whole minutes before the window's first and
// after its last one, whatever the service makes of that; the exact window is
// applied to the reply.
func setTime(r *rpc.Request, parameter, key string, bound time.Time) {
	bound = bound.UTC()
	if year := bound.Year(); year >= 1 && year <= 9999 {
		r.QueryParams[parameter+"Key"], r.QueryParams[parameter+"Value"] = key, bound.Format("2006-01-02T15:04Z")
	}
}
