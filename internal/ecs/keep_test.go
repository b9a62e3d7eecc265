package ecs

import (
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestKeep(t *testing.T) {
	t.Parallel()
	noon := time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)
	full := Snapshot{
		SnapshotID: "s-1", SnapshotName: "nightly-1", CreationTime: Time{Valid: true, Value: noon}, Status: "progressing",
		SourceDiskID: "d-1", SnapshotLinkID: "sl-1", SourceDiskType: "DATA", Category: "Standard", ResourceGroupID: "rg-1",
		Encrypted: Bool{Value: true, Valid: true}, KMSKeyID: "k-1", Tags: Tags{"env": "prod", "empty": ""},
	}
	bare := Snapshot{SnapshotID: "s-2"}
	uncut := Snapshot{SnapshotID: "s-3", Status: "progressing"}
	undated := Snapshot{SnapshotID: "s-4", Status: "accomplished"}
	untagged := Snapshot{SnapshotID: "s-5", Tags: Tags{}}
	unencrypted := Snapshot{SnapshotID: "s-6", Encrypted: Bool{Valid: true}}
	const yes, no, lacking = "yes", "no", "error"
	for name, test := range map[string]struct {
		query Query
		s     Snapshot
		// What keep says where the service was asked, and where it was not.
		asked, unasked string
	}{
		"no filter":              {Query{}, full, yes, yes},
		"no filter, bare":        {Query{}, bare, yes, yes},
		"an id":                  {Query{SnapshotIDs: []string{"s-0", "s-1"}}, full, yes, yes},
		"another id":             {Query{SnapshotIDs: []string{"s-2"}}, full, no, no},
		"the disk":               {Query{DiskID: "d-1"}, full, yes, yes},
		"another disk":           {Query{DiskID: "d-2"}, full, no, no},
		"a disk, not said":       {Query{DiskID: "d-2"}, bare, yes, yes},
		"the link":               {Query{SnapshotLinkID: "sl-1"}, full, yes, yes},
		"another link":           {Query{SnapshotLinkID: "sl-2"}, full, no, no},
		"the disk's type":        {Query{SourceDiskType: "Data"}, full, yes, yes},
		"another type of disk":   {Query{SourceDiskType: "System"}, full, no, no},
		"the category":           {Query{Category: "standard"}, full, yes, yes},
		"another category":       {Query{Category: "archive"}, full, no, no},
		"the status":             {Query{Status: "progressing"}, full, yes, yes},
		"another status":         {Query{Status: "accomplished"}, full, no, no},
		"any status":             {Query{Status: "all"}, full, yes, yes},
		"any type":               {Query{SnapshotType: "all"}, full, yes, yes},
		"a status, not said":     {Query{Status: "accomplished"}, bare, yes, yes},
		"the name":               {Query{SnapshotName: "nightly-1"}, full, yes, yes},
		"a part of the name":     {Query{SnapshotName: "nightly"}, full, no, no},
		"a name, not said":       {Query{SnapshotName: "nightly"}, bare, yes, yes},
		"a matching pattern":     {Query{NameRegex: regexp.MustCompile(`^nightly-\d$`)}, full, yes, yes},
		"another pattern":        {Query{NameRegex: regexp.MustCompile(`^weekly`)}, full, no, no},
		"a pattern, no name":     {Query{NameRegex: regexp.MustCompile(`.`)}, bare, no, no},
		"encrypted":              {Query{Encrypted: new(true)}, full, yes, yes},
		"encrypted, not so":      {Query{Encrypted: new(true)}, unencrypted, no, no},
		"encrypted, not said":    {Query{Encrypted: new(true)}, bare, yes, yes},
		"unencrypted only":       {Query{Encrypted: new(false)}, full, no, no},
		"unencrypted, so":        {Query{Encrypted: new(false)}, unencrypted, yes, yes},
		"unencrypted, not said":  {Query{Encrypted: new(false)}, bare, yes, yes},
		"the key":                {Query{KMSKeyID: "k-1"}, full, yes, yes},
		"another key":            {Query{KMSKeyID: "k-2"}, full, no, no},
		"a key, not said":        {Query{KMSKeyID: "k-2"}, bare, yes, yes},
		"a key, unencrypted":     {Query{KMSKeyID: "k-2"}, unencrypted, no, no},
		"the group":              {Query{ResourceGroupID: "rg-1"}, full, yes, yes},
		"the default group":      {Query{ResourceGroupID: "rg-2"}, full, no, no},
		"a group, not said":      {Query{ResourceGroupID: "rg-2"}, bare, yes, lacking},
		"a group and a disk":     {Query{ResourceGroupID: "rg-2", DiskID: "d-2"}, Snapshot{SourceDiskID: "d-1"}, no, no},
		"the tag":                {Query{Tags: map[string]*string{"env": new("prod")}}, full, yes, yes},
		"another value":          {Query{Tags: map[string]*string{"env": new("dev")}}, full, no, no},
		"any value":              {Query{Tags: map[string]*string{"env": nil, "empty": nil}}, full, yes, yes},
		"an empty value":         {Query{Tags: map[string]*string{"empty": new("")}}, full, yes, yes},
		"an empty value, not so": {Query{Tags: map[string]*string{"env": new("")}}, full, no, no},
		"another tag":            {Query{Tags: map[string]*string{"team": nil}}, full, no, no},
		"one of two tags":        {Query{Tags: map[string]*string{"env": nil, "team": nil}}, full, no, no},
		"a tag, of none":         {Query{Tags: map[string]*string{"env": nil}}, untagged, no, no},
		"a tag, not said":        {Query{Tags: map[string]*string{"env": nil}}, bare, yes, lacking},
		"a tag, not said, and an encrypted": {
			Query{Tags: map[string]*string{"env": nil}, Encrypted: new(true)}, unencrypted, no, no,
		},
		"at the start":      {Query{CreationStartTime: noon}, full, yes, yes},
		"after the start":   {Query{CreationStartTime: noon.Add(-time.Second)}, full, yes, yes},
		"before the start":  {Query{CreationStartTime: noon.Add(time.Second)}, full, no, no},
		"within its second": {Query{CreationStartTime: noon.Add(time.Second - 1)}, full, yes, yes},
		"at the end":        {Query{CreationEndTime: noon}, full, yes, yes},
		"after the end":     {Query{CreationEndTime: noon.Add(-time.Second)}, full, no, no},
		"uncut, from":       {Query{CreationStartTime: noon}, uncut, no, no},
		"uncut, to":         {Query{CreationEndTime: noon}, uncut, no, no},
		"undated":           {Query{CreationEndTime: noon}, undated, yes, lacking},
	} {
		for _, useless := range []bool{false, true} {
			got := no
			r := &read{query: test.query, withoutCapped: useless, withoutTimes: useless}
			asked := r.asked()
			keep, err := r.keep(&test.s, &asked)
			if keep {
				got = yes
			}
			if err != nil {
				got = lacking
			}
			want := test.asked
			if useless {
				want = test.unasked
			}
			if got != want {
				t.Errorf("%s, %t: %s, want %s (%v)", name, useless, got, want, err)
			}
			if err != nil && !strings.Contains(err.Error(), string(test.s.SnapshotID)) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

func TestUsable(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		status    Text
		available Bool
		want      bool
	}{
		{"accomplished", Bool{}, true},
		{"accomplished", Bool{Value: true, Valid: true}, true},
		{"accomplished", Bool{Value: false, Valid: true}, false},
		{"progressing", Bool{Value: true, Valid: true}, true}, // A new snapshot of an ESSD disk.
		{"progressing", Bool{Value: false, Valid: true}, false},
		{"progressing", Bool{}, false},
		{"failed", Bool{}, false},
		{"failed", Bool{Value: true, Valid: true}, false},
		{"", Bool{}, false},
		{"", Bool{Value: true, Valid: true}, true},
	} {
		if got := (&Snapshot{Status: test.status, Available: test.available}).Usable(); got != test.want {
			t.Errorf("%v: %t", test, got)
		}
	}
}
