package provider

import (
	"strings"
	"time"

	"github.com/vmihailenco/msgpack/v5"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecs"
)

// flattenSnapshot gives the results that a snapshot's own attributes are.
func flattenSnapshot(s *ecs.Snapshot) results {
	found := make(results, len(snapshotFields))
	for _, field := range snapshotFields {
		found[field.name] = func(e *msgpack.Encoder) error { return field.encode(e, s) }
	}
	return found
}

// flattenSnapshots gives the results of the list: the computed attributes that
// follow from the snapshots.
func flattenSnapshots(snapshots []ecs.Snapshot) results {
	var latest *ecs.Snapshot
	latestByDisk := map[string]*ecs.Snapshot{}
	for i := range snapshots {
		s := &snapshots[i]
		if !s.Usable() {
			continue
		}
		if latest == nil {
			latest = s
		}
		if disk := string(s.SourceDiskID); disk != "" && latestByDisk[disk] == nil {
			latestByDisk[disk] = s
		}
	}
	each := func(encode func(*msgpack.Encoder, *ecs.Snapshot) error) func(*msgpack.Encoder) error {
		return func(e *msgpack.Encoder) error { return encodeList(e, snapshots, encode) }
	}
	return results{
		"ids":            each(func(e *msgpack.Encoder, s *ecs.Snapshot) error { return e.EncodeString(string(s.SnapshotID)) }),
		"names":          each(func(e *msgpack.Encoder, s *ecs.Snapshot) error { return e.EncodeString(string(s.SnapshotName)) }),
		"snapshots":      each(encodeSnapshot),
		"latest":         func(e *msgpack.Encoder) error { return encodeSnapshot(e, latest) },
		"latest_by_disk": func(e *msgpack.Encoder) error { return encodeMap(e, latestByDisk, encodeSnapshot) },
	}
}

// encodeSnapshot writes the snapshot object, null for none.
func encodeSnapshot(e *msgpack.Encoder, s *ecs.Snapshot) error {
	if s == nil {
		return e.EncodeNil()
	}
	if err := e.EncodeMapLen(len(snapshotFields)); err != nil {
		return err
	}
	for _, field := range snapshotFields {
		if err := e.EncodeString(field.name); err != nil {
			return err
		}
		if err := field.encode(e, s); err != nil {
			return err
		}
	}
	return nil
}

func encodeList(e *msgpack.Encoder, list []ecs.Snapshot, encode func(*msgpack.Encoder, *ecs.Snapshot) error) error {
	if err := e.EncodeArrayLen(len(list)); err != nil {
		return err
	}
	for i := range list {
		if err := encode(e, &list[i]); err != nil {
			return err
		}
	}
	return nil
}

func encodeMap[V any](e *msgpack.Encoder, m map[string]V, encode func(*msgpack.Encoder, V) error) error {
	if err := e.EncodeMapLen(len(m)); err != nil {
		return err
	}
	for key, value := range m {
		if err := e.EncodeString(key); err != nil {
			return err
		}
		if err := encode(e, value); err != nil {
			return err
		}
	}
	return nil
}

func encodeText(e *msgpack.Encoder, t ecs.Text) error {
	if t == "" {
		return e.EncodeNil()
	}
	return e.EncodeString(string(t))
}

func encodeTime(e *msgpack.Encoder, t time.Time) error {
	if t.IsZero() {
		return e.EncodeNil()
	}
	return e.EncodeString(t.UTC().Format(time.RFC3339))
}

func encodeInt(e *msgpack.Encoder, n ecs.Int) error {
	if !n.Valid {
		return e.EncodeNil()
	}
	return e.EncodeInt(n.Value)
}

func encodeBool(e *msgpack.Encoder, b ecs.Bool) error {
	if !b.Valid {
		return e.EncodeNil()
	}
	return e.EncodeBool(b.Value)
}

func encodeTags(e *msgpack.Encoder, tags ecs.Tags) error {
	return encodeMap(e, tags, (*msgpack.Encoder).EncodeString)
}

func lower(t ecs.Text) ecs.Text { return ecs.Text(strings.ToLower(string(t))) }
