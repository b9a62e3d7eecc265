package ecstest

import (
	"maps"
	"strconv"
	"time"
)

// Tag is one tag of a snapshot. Keys that begin with "acs:" are the system's own.
type Tag struct {
	Key   string
	Value string
}

// Snapshot is one snapshot as the service keeps it. Filters work on the fields; the reply is made of them too. A field
// that is empty or nil is left out of the reply, but for CreationTime, Description and ProductCode, which the real
// service sends empty, and Encrypted, which it always sends.
type Snapshot struct {
	SnapshotID   string
	SnapshotName string
	Description  string
	SnapshotSN   string

	Status     string // progressing, accomplished or failed.
	Progress   string // A percentage, with or without the sign: "100%", "45".
	RemainTime *int   // Seconds until a progressing snapshot is done.
	Available  *bool

	CreationTime     string // UTC, with seconds or with minutes; empty for a snapshot that is not cut yet.
	LastModifiedTime string

	SnapshotType string // auto, user or timer; a timer snapshot is an automatic one.
	Category     string
	Usage        string
	ProductCode  string

	// RegionID confines the snapshot to one region. A snapshot without one is seen from every region.
	RegionID        string
	ResourceGroupID string
	RetentionDays   *int
	Tags            []Tag

	Encrypted bool
	KMSKeyID  string

	InstantAccess              *bool
	InstantAccessRetentionDays *int

	// InstanceID serves the InstanceId filter only; the reply has no such field.
	InstanceID string

	SourceDiskID           string
	SourceDiskType         string
	SourceDiskSize         int  // GiB.
	SourceDiskSizeAsString bool // The document has a string, real replies have a number.
	SourceStorageType      string
	SourceSnapshotID       string
	SourceRegionID         string
	SnapshotLinkID         string

	FullSnapshotSizeInBytes *int64

	// Raw overrides reply fields by their names in the API, whatever their type; Absent removes one. Filters do not
	// see it.
	Raw map[string]any
}

type absent struct{}

// Absent removes a field from the reply when it is a value of Snapshot.Raw.
var Absent any = absent{}

// created is the time that filters compare and the order rests on; ok is false for a snapshot that is not cut yet.
func (s *Snapshot) created() (t time.Time, ok bool) {
	return parseTime(s.CreationTime, secondLayout, minuteLayout)
}

// fields is the snapshot as the reply shows it.
func (s *Snapshot) fields() map[string]any {
	m := map[string]any{
		"CreationTime": s.CreationTime,
		"Description":  s.Description,
		"ProductCode":  s.ProductCode,
		"Encrypted":    s.Encrypted,
		"Tags":         map[string]any{"Tag": tagFields(s.Tags)},
	}
	for name, value := range map[string]string{
		"SnapshotId":        s.SnapshotID,
		"SnapshotName":      s.SnapshotName,
		"SnapshotSN":        s.SnapshotSN,
		"Status":            s.Status,
		"Progress":          s.Progress,
		"LastModifiedTime":  s.LastModifiedTime,
		"SnapshotType":      s.SnapshotType,
		"Category":          s.Category,
		"Usage":             s.Usage,
		"RegionId":          s.RegionID,
		"ResourceGroupId":   s.ResourceGroupID,
		"KMSKeyId":          s.KMSKeyID,
		"SourceDiskId":      s.SourceDiskID,
		"SourceDiskType":    s.SourceDiskType,
		"SourceStorageType": s.SourceStorageType,
		"SourceSnapshotId":  s.SourceSnapshotID,
		"SourceRegionId":    s.SourceRegionID,
		"SnapshotLinkId":    s.SnapshotLinkID,
	} {
		if value != "" {
			m[name] = value
		}
	}
	setPointer(m, "RemainTime", s.RemainTime)
	setPointer(m, "Available", s.Available)
	setPointer(m, "RetentionDays", s.RetentionDays)
	setPointer(m, "InstantAccess", s.InstantAccess)
	setPointer(m, "InstantAccessRetentionDays", s.InstantAccessRetentionDays)
	setPointer(m, "FullSnapshotSizeInBytes", s.FullSnapshotSizeInBytes)
	if s.SourceDiskSize != 0 {
		m["SourceDiskSize"] = diskSize(s.SourceDiskSize, s.SourceDiskSizeAsString)
	}
	maps.Copy(m, s.Raw)
	maps.DeleteFunc(m, func(_ string, value any) bool { return value == Absent })
	return m
}

func setPointer[T any](m map[string]any, name string, value *T) {
	if value != nil {
		m[name] = *value
	}
}

func diskSize(gib int, asString bool) any {
	if asString {
		return strconv.Itoa(gib)
	}
	return gib
}

func tagFields(tags []Tag) []any {
	fields := make([]any, 0, len(tags))
	for _, tag := range tags {
		fields = append(fields, map[string]any{"TagKey": tag.Key, "TagValue": tag.Value})
	}
	return fields
}
