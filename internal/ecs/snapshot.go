package ecs

import (
	"encoding/json"

	"golang.org/x/text/unicode/norm"
)

// Snapshot is an item of DescribeSnapshots' reply. Fields are named as the reply
// names them; the zero value of each means that the service left it out or sent
// it empty.
type Snapshot struct {
	SnapshotID                 Text `json:"SnapshotId"` // Never empty.
	SnapshotName               Text
	Description                Text
	Status                     Text // "progressing", "accomplished" or "failed".
	Progress                   Int  // Percent.
	RemainTime                 Int  // Seconds.
	CreationTime               Time // Zero for a snapshot that is not cut yet.
	LastModifiedTime           Time
	SnapshotType               Text // "auto", "user", "timer" or "all".
	Category                   Text
	Encrypted                  Bool
	KMSKeyID                   Text `json:"KMSKeyId"`
	Available                  Bool // Apart from Status; see [Snapshot.Usable].
	Usage                      Text
	ProductCode                Text
	RegionID                   Text `json:"RegionId"`
	ResourceGroupID            Text `json:"ResourceGroupId"`
	RetentionDays              Int  // Days.
	InstantAccess              Bool
	InstantAccessRetentionDays Int  // Days.
	SourceDiskID               Text `json:"SourceDiskId"`
	SourceDiskSize             Int  // GiB.
	SourceDiskType             Text // "system" or "data" in any case.
	SourceStorageType          Text
	SourceSnapshotID           Text `json:"SourceSnapshotId"`
	SourceRegionID             Text `json:"SourceRegionId"`
	SnapshotLinkID             Text `json:"SnapshotLinkId"`
	SnapshotSN                 Text
	FullSnapshotSizeInBytes    Int
	Tags                       Tags

	Unnamed bool `json:"-"` // SnapshotName was sent empty, not left out.
}

// StatusAccomplished is the status of a snapshot that is complete.
const StatusAccomplished = "accomplished"

// Usable tells whether disks can be created from the snapshot: what the service calls
// available, or where it doesn't say, what is complete; never a failed one. An image
// needs a complete one.
func (s *Snapshot) Usable() bool {
	switch {
	case s.Status == "failed":
		return false
	case s.Available.Valid:
		return s.Available.Value
	}
	return s.Status == StatusAccomplished
}

// Tags are a snapshot's tags by key, the system's own (acs:...) among them, keys and
// values in Unicode's NFC. Nil means that the reply has none of the field, empty that
// the snapshot has no tag.
type Tags map[string]string

// unreadTags is the key of what can't be read, in JSON. No tag's key is empty.
const unreadTags = ""

// maxTagsSize bounds the JSON of a snapshot's tags: millions of empty ones compress well.
// 20 tags, as many as a user can set, of characters that are all escaped, have half of it.
const maxTagsSize = 128 << 10

// UnmarshalJSON implements [json.Unmarshaler] for the reply's
// {"Tag":[{"TagKey":"...","TagValue":"..."}]}.
func (t *Tags) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return nil
	}
	var wire struct {
		Tag []struct{ TagKey, TagValue Text }
	}
	bad := len(data) > maxTagsSize || json.Unmarshal(data, &wire) != nil
	*t = make(Tags, len(wire.Tag))
	for _, tag := range wire.Tag {
		bad = bad || tag.TagKey == ""
		(*t)[norm.NFC.String(string(tag.TagKey))] = norm.NFC.String(string(tag.TagValue))
	}
	if bad {
		*t = Tags{unreadTags: string(data[:min(len(data), 1000)])}
	}
	return nil
}

func (t Tags) unreadable() string { return t[unreadTags] }
