package ecs

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// Snapshot is an item of DescribeSnapshots' reply, with the reply's names. The zero value
// of a field means that the service left it out or sent it empty.
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
// available, or where it doesn't say, what is complete; never a failed one.
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

// maxTags is far above the 20 that a user can set and those of the system. Their JSON may
// have 1 KiB for each, so that millions of empty ones, which compress well, aren't decoded:
// 20 of characters that are all escaped have 60 KiB.
const maxTags = 100

// UnmarshalJSON implements [json.Unmarshaler] for the reply's
// {"Tag":[{"TagKey":"...","TagValue":"..."}]}.
func (t *Tags) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return nil
	}
	var wire struct {
		Tag []struct{ TagKey, TagValue Text }
	}
	bad := len(data) > maxTags<<10 || json.Unmarshal(data, &wire) != nil || len(wire.Tag) > maxTags
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

// Text is a string of a reply. Empty means that the service left it out or sent
// it empty.
type Text = rpc.Text

// Value is a value of a reply that isn't a text. The API's document calls some of them
// strings that real replies give as numbers, and the reverse; both are read.
type Value[T int64 | bool | time.Time] struct {
	Value  T
	Valid  bool   // False where the service left it out, sent it empty, or it can't be read.
	unread string // What can't be read, in JSON.
}

// Int is a whole number of a reply. A percent sign behind it is ignored.
type Int = Value[int64]

// Bool is a boolean of a reply.
type Bool = Value[bool]

// Time is a time of a reply in UTC, to the second. The service sends none of a snapshot
// that is not cut yet.
type Time = Value[time.Time]

// UnmarshalJSON implements [json.Unmarshaler].
func (v *Value[T]) UnmarshalJSON(data []byte) (err error) {
	var text Text
	if err := text.UnmarshalJSON(data); err != nil || text == "" {
		return err
	}
	v.Valid = true
	switch value := any(&v.Value).(type) {
	case *int64:
		*value, err = strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(string(text), "%")), 10, 64)
	case *bool:
		*value, err = strconv.ParseBool(strings.ToLower(string(text)))
	case *time.Time:
		*value, err = readTime(string(text))
	}
	if err != nil {
		*v = Value[T]{unread: string(data)}
	}
	return nil
}

func (v *Value[T]) unreadable() string { return v.unread }

// readTime reads the seconds that real replies have, or the minutes of the API's
// document. A time without a zone is none: it may be Beijing's.
func readTime(text string) (time.Time, error) {
	parsed, err := time.Parse(time.RFC3339, text)
	if err != nil {
		parsed, err = time.Parse("2006-01-02T15:04Z07:00", text)
	}
	return parsed.UTC().Truncate(time.Second), err
}
