package provider

import (
	"bytes"
	"context"
	"strings"
	"time"

	"github.com/vmihailenco/msgpack/v5"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecs"
)

// The results of a read go into the state in the protocol's own encoding, MessagePack,
// around the framework. The framework walks a state value by value, five times on its
// way out: a plan of 10,000 snapshots would take 15.1 s of CPU instead of 3.3 s. All of
// this encoding is in this file; the rest of the state stays the framework's.

// results are the computed attributes that a read found, by name.
type results map[string]encodeFunc

// encodeFunc writes the value of an attribute.
type encodeFunc func(*msgpack.Encoder) error

// encodeSnapshotFunc writes a part of a snapshot.
type encodeSnapshotFunc func(*msgpack.Encoder, *ecs.Snapshot) error

// resultsKey is where the context of a read has the *results to fill in.
type resultsKey struct{}

func withResultsIn(ctx context.Context, found *results) context.Context {
	return context.WithValue(ctx, resultsKey{}, found)
}

// setResults completes the state of the read that the context belongs to. The rest of
// the state is the configuration.
func setResults(ctx context.Context, region string, found results) {
	found["region_id"] = func(e *msgpack.Encoder) error { return e.EncodeString(region) }
	*ctx.Value(resultsKey{}).(*results) = found //nolint:forcetypeassert // Nothing but server reads.
}

// oneResult is what the data source of one snapshot found.
func oneResult(s *ecs.Snapshot) results {
	found := results{"id": func(e *msgpack.Encoder) error { return encodeText(e, s.SnapshotID) }}
	for _, field := range snapshotFields {
		found[field.name] = func(e *msgpack.Encoder) error { return field.encode(e, s) }
	}
	return found
}

// listResults is what the data source of the list found.
func listResults(snapshots []ecs.Snapshot) results {
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
	each := func(encode encodeSnapshotFunc) encodeFunc {
		return func(e *msgpack.Encoder) error {
			err := e.EncodeArrayLen(len(snapshots))
			for i := 0; err == nil && i < len(snapshots); i++ {
				err = encode(e, &snapshots[i])
			}
			return err
		}
	}
	return results{
		"ids":            each(func(e *msgpack.Encoder, s *ecs.Snapshot) error { return encodeText(e, s.SnapshotID) }),
		"names":          each(func(e *msgpack.Encoder, s *ecs.Snapshot) error { return encodeTextOrEmpty(e, s.SnapshotName) }),
		"snapshots":      each(encodeSnapshot),
		"latest":         func(e *msgpack.Encoder) error { return encodeSnapshot(e, latest) },
		"latest_by_disk": func(e *msgpack.Encoder) error { return encodeMap(e, latestByDisk, encodeSnapshot) },
	}
}

// encodeSnapshot writes the snapshot object; null for none.
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

// encodeField writes what get returns of a snapshot.
func encodeField[V any](get func(*ecs.Snapshot) V, encode func(*msgpack.Encoder, V) error) encodeSnapshotFunc {
	return func(e *msgpack.Encoder, s *ecs.Snapshot) error { return encode(e, get(s)) }
}

func encodeText(e *msgpack.Encoder, t ecs.Text) error {
	if t == "" {
		return e.EncodeNil()
	}
	return e.EncodeString(string(t))
}

func encodeTextOrEmpty(e *msgpack.Encoder, t ecs.Text) error { return e.EncodeString(string(t)) }

func encodeLowerText(e *msgpack.Encoder, t ecs.Text) error {
	return encodeText(e, ecs.Text(strings.ToLower(string(t))))
}

func encodeTime(e *msgpack.Encoder, t ecs.Time) error {
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

// mergeResults returns an encoded state with the results in place of what it has by
// their names.
func mergeResults(state []byte, found results) ([]byte, error) {
	var merged bytes.Buffer
	from, to := msgpack.NewDecoder(bytes.NewReader(state)), msgpack.NewEncoder(&merged)
	n, err := from.DecodeMapLen()
	if err == nil {
		err = to.EncodeMapLen(n)
	}
	for ; err == nil && n > 0; n-- {
		err = mergeAttribute(from, to, &merged, found)
	}
	return merged.Bytes(), err
}

func mergeAttribute(from *msgpack.Decoder, to *msgpack.Encoder, merged *bytes.Buffer, found results) error {
	name, err := from.DecodeString()
	if err != nil {
		return err
	}
	value, err := from.DecodeRaw()
	if err != nil {
		return err
	}
	if err := to.EncodeString(name); err != nil {
		return err
	}
	if encode, ok := found[name]; ok {
		return encode(to)
	}
	_, err = merged.Write(value)
	return err
}
