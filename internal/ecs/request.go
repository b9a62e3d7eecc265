package ecs

import (
	"cmp"
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

// describeSnapshotsRequest holds DescribeSnapshots' parameters. The SDK reads the
// tags, and sends nothing for an empty field.
type describeSnapshotsRequest struct {
	*rpc.Request
	RegionID        string      `position:"Query" name:"RegionId"`
	DiskID          string      `position:"Query" name:"DiskId"`
	InstanceID      string      `position:"Query" name:"InstanceId"`
	SnapshotIDs     string      `position:"Query" name:"SnapshotIds"`
	SnapshotLinkID  string      `position:"Query" name:"SnapshotLinkId"`
	SnapshotName    string      `position:"Query" name:"SnapshotName"`
	SnapshotType    string      `position:"Query" name:"SnapshotType"`
	SourceDiskType  string      `position:"Query" name:"SourceDiskType"`
	Status          string      `position:"Query" name:"Status"`
	Usage           string      `position:"Query" name:"Usage"`
	Category        string      `position:"Query" name:"Category"`
	Encrypted       string      `position:"Query" name:"Encrypted"`
	KMSKeyID        string      `position:"Query" name:"KMSKeyId"`
	ResourceGroupID string      `position:"Query" name:"ResourceGroupId"`
	Tag             []tagFilter `position:"Query" name:"Tag" type:"Repeated"`
	Filter1         timeFilter  `position:"Query" name:"Filter.1" type:"Struct"`
	Filter2         timeFilter  `position:"Query" name:"Filter.2" type:"Struct"`
	DryRun          string      `position:"Query" name:"DryRun"`
	PageNumber      string      `position:"Query" name:"PageNumber"`
	PageSize        string      `position:"Query" name:"PageSize"`
	NextToken       string      `position:"Query" name:"NextToken"`
	MaxResults      string      `position:"Query" name:"MaxResults"`
}

// tagFilter matches a tag. Without a value it asks for the key with any value.
type tagFilter struct {
	Key   string `name:"Key"`
	Value string `name:"Value"`
}

type timeFilter struct{ Key, Value string }

// newRequest expresses the query's part at the position.
func newRequest(q Query, at position) *describeSnapshotsRequest {
	r := &describeSnapshotsRequest{
		Request:         rpc.NewRequest("Ecs", "2014-05-26", action),
		RegionID:        q.RegionID,
		DiskID:          q.DiskID,
		InstanceID:      q.InstanceID,
		SnapshotLinkID:  q.SnapshotLinkID,
		SnapshotName:    q.SnapshotName,
		SnapshotType:    q.SnapshotType,
		SourceDiskType:  q.SourceDiskType,
		Status:          q.Status,
		Usage:           q.Usage,
		Category:        q.Category,
		KMSKeyID:        q.KMSKeyID,
		ResourceGroupID: q.ResourceGroupID,
	}
	if q.SnapshotIDs != nil {
		ids, _ := json.Marshal(q.SnapshotIDs) // Strings can't fail.
		r.SnapshotIDs = string(ids)
	}
	if q.Encrypted != nil {
		r.Encrypted = strconv.FormatBool(*q.Encrypted)
	}
	if q.DryRun {
		r.DryRun = "true"
	}
	for i, key := range slices.SortedFunc(maps.Keys(q.Tags), cmp.Compare[string]) {
		filter := tagFilter{Key: key}
		switch value := q.Tags[key]; {
		case value == nil:
		case *value == "":
			// The SDK leaves empty fields out; the API's document allows this one.
			r.QueryParams[fmt.Sprintf("Tag.%d.Value", i+1)] = ""
		default:
			filter.Value = *value
		}
		r.Tag = append(r.Tag, filter)
	}
	if !q.CreatedFrom.IsZero() {
		r.Filter1 = newTimeFilter("CreationStartTime", q.CreatedFrom.Add(-time.Minute))
	}
	if !q.CreatedTo.IsZero() {
		r.Filter2 = newTimeFilter("CreationEndTime", q.CreatedTo.Add(time.Minute))
	}
	if at.byToken {
		r.NextToken, r.MaxResults = at.token, strconv.Itoa(at.size)
	} else {
		r.PageNumber, r.PageSize = strconv.Itoa(at.number), strconv.Itoa(at.size)
	}
	return r
}

// newTimeFilter gives a bound of the time window, to the minute. A time that has no
// such form, as the end of the year 9999 and a minute, bounds nothing.
//
// The service doesn't say whether its bounds are inclusive, nor whether it compares
// seconds. What is asked for is the whole minutes before the window's first and
// after its last one, whatever the service makes of that; the exact window is
// applied to the reply.
func newTimeFilter(key string, bound time.Time) timeFilter {
	bound = bound.UTC()
	if year := bound.Year(); year < 1 || year > 9999 {
		return timeFilter{}
	}
	return timeFilter{key, bound.Format("2006-01-02T15:04Z")}
}
