package ecs

import (
	"encoding/json"
	"fmt"
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
	SnapshotType               Text // "auto", "user", or "timer", which no document names.
	Category                   Text
	Encrypted                  Bool
	KMSKeyID                   Text `json:"KMSKeyId"`
	Available                  Bool // Apart from Status: an accomplished snapshot can be unusable.
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
}

// Usable tells whether disks and images can be created from the snapshot.
func (s *Snapshot) Usable() bool {
	unavailable := s.Available.Valid && !s.Available.Value
	return s.Status == StatusAccomplished && !unavailable
}

// StatusAccomplished is the status of a snapshot that is complete.
const StatusAccomplished = "accomplished"

// Tags are a snapshot's tags by key, the system's own (acs:...) among them.
type Tags map[string]string

// UnmarshalJSON implements [json.Unmarshaler] for the reply's
// {"Tag":[{"TagKey":"...","TagValue":"..."}]}.
func (t *Tags) UnmarshalJSON(data []byte) error {
	var wire struct {
		Tag []struct{ TagKey, TagValue Text }
	}
	if text := string(data); text == `""` || text == "[]" { // Empty, as the XML form's <Tags/> becomes.
		return nil
	}
	if err := json.Unmarshal(data, &wire); err != nil {
		return err
	}
	if len(wire.Tag) == 0 {
		return nil
	}
	*t = make(Tags, len(wire.Tag))
	for _, tag := range wire.Tag {
		if tag.TagKey == "" {
			return fmt.Errorf("a tag has no key")
		}
		(*t)[string(tag.TagKey)] = string(tag.TagValue)
	}
	return nil
}
