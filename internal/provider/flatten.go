package provider

import (
	"context"
	"maps"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecs"
)

// State is made of tftypes values, not by reflection over structs: with 10,000
// snapshots that is the difference between a second and five. See DESIGN.md.

// snapshotType is the type of the snapshot object in state.
var snapshotType = func() tftypes.Object {
	types := make(map[string]tftypes.Type, len(snapshotFields))
	for _, field := range snapshotFields {
		types[field.name] = field.schema.GetType().TerraformType(context.Background())
	}
	return tftypes.Object{AttributeTypes: types}
}()

// flattenFields gives the snapshot object's attributes.
func flattenFields(s *ecs.Snapshot) map[string]tftypes.Value {
	values := make(map[string]tftypes.Value, len(snapshotFields))
	for _, field := range snapshotFields {
		values[field.name] = field.value(s)
	}
	return values
}

// flattenSnapshots gives the results of the list: the computed attributes that
// follow from the snapshots.
func flattenSnapshots(snapshots []ecs.Snapshot) map[string]tftypes.Value {
	ids := make([]tftypes.Value, len(snapshots))
	names := make([]tftypes.Value, len(snapshots))
	objects := make([]tftypes.Value, len(snapshots))
	latest := tftypes.NewValue(snapshotType, nil)
	latestByDisk := map[string]tftypes.Value{}
	for i := range snapshots {
		s := &snapshots[i]
		ids[i] = flattenString(string(s.SnapshotID))
		names[i] = flattenString(string(s.SnapshotName))
		objects[i] = tftypes.NewValue(snapshotType, flattenFields(s))
		if !s.Usable() {
			continue
		}
		if latest.IsNull() {
			latest = objects[i]
		}
		if _, newer := latestByDisk[string(s.SourceDiskID)]; !newer && s.SourceDiskID != "" {
			latestByDisk[string(s.SourceDiskID)] = objects[i]
		}
	}
	return map[string]tftypes.Value{
		"ids":            tftypes.NewValue(tftypes.List{ElementType: tftypes.String}, ids),
		"names":          tftypes.NewValue(tftypes.List{ElementType: tftypes.String}, names),
		"snapshots":      tftypes.NewValue(tftypes.List{ElementType: snapshotType}, objects),
		"latest":         latest,
		"latest_by_disk": tftypes.NewValue(tftypes.Map{ElementType: snapshotType}, latestByDisk),
	}
}

func flattenString(s string) tftypes.Value { return tftypes.NewValue(tftypes.String, s) }

func flattenText(t ecs.Text) tftypes.Value {
	if t == "" {
		return tftypes.NewValue(tftypes.String, nil)
	}
	return flattenString(string(t))
}

func flattenTime(t time.Time) tftypes.Value {
	if t.IsZero() {
		return tftypes.NewValue(tftypes.String, nil)
	}
	return flattenString(t.UTC().Format(time.RFC3339))
}

func flattenInt(n ecs.Int) tftypes.Value {
	if !n.Valid {
		return tftypes.NewValue(tftypes.Number, nil)
	}
	return tftypes.NewValue(tftypes.Number, n.Value)
}

func flattenBool(b ecs.Bool) tftypes.Value {
	if !b.Valid {
		return tftypes.NewValue(tftypes.Bool, nil)
	}
	return tftypes.NewValue(tftypes.Bool, b.Value)
}

func flattenTags(tags ecs.Tags) tftypes.Value {
	values := make(map[string]tftypes.Value, len(tags))
	for key, value := range tags {
		values[key] = flattenString(value)
	}
	return tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, values)
}

func lower(t ecs.Text) ecs.Text { return ecs.Text(strings.ToLower(string(t))) }

// withResults gives a data source's state: its configuration, with the region
// and the results filled in.
func withResults(config tftypes.Value, region string, results map[string]tftypes.Value) (tftypes.Value, error) {
	var values map[string]tftypes.Value
	if err := config.As(&values); err != nil {
		return tftypes.Value{}, err
	}
	maps.Copy(values, results)
	values["region_id"] = flattenString(region)
	return tftypes.NewValue(config.Type(), values), nil
}
