package ecstest

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// SampleRegion is where all snapshots of Sample are.
const SampleRegion = "cn-hangzhou"

// The sample is of instances with a system disk and data disks each.
const (
	sampleInstances       = 8
	sampleDisksByInstance = 3
)

// sampleUncut is where snapshots without a creation time end. They come first in replies, and an account has a few of
// them, for minutes, however long its history is.
const sampleUncut = 250

var (
	sampleEpoch    = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	sampleInterval = 37 * time.Minute
)

// Sample is a data set of any size, the same in every run; Sample(n)[:m] equals Sample(m). The snapshots come oldest
// first and share a few disks and instances. They hold what real replies hold: odd spellings, numbers as strings, absent
// and empty fields, equal times, and snapshots that are in progress, failed or not available.
func Sample(n int) []Snapshot {
	snapshots := make([]Snapshot, 0, n)
	for i := range n {
		snapshots = append(snapshots, sampleSnapshot(i))
	}
	return snapshots
}

func sampleSnapshot(i int) Snapshot {
	dice := mix(uint64(i))
	disk := int(dice % (sampleInstances * sampleDisksByInstance))
	s := Snapshot{
		SnapshotID:      "s-bp1" + sampleID(i),
		SnapshotSN:      fmt.Sprintf("64472-%d-%d", disk, i),
		Status:          "accomplished",
		Progress:        "100%",
		Available:       new(true),
		Usage:           pick(dice>>8, "none", "none", "none", "image", "disk", "image_disk"),
		RegionID:        SampleRegion,
		ResourceGroupID: pick(uint64(disk), "", "rg-aek2sampleprod", "rg-aek2sampledev"),
	}
	s.describe(i, dice)
	s.takenFrom(disk, dice)
	s.takenAt(i, dice)
	s.complicate(i)
	return s
}

// describe sets what people and policies write.
func (s *Snapshot) describe(i int, dice uint64) {
	s.SnapshotType = pick(dice>>12, "auto", "auto", "timer", "user")
	if s.SnapshotType == "user" {
		s.SnapshotName = pick(dice>>16, "nightly", "before-upgrade", "FinanceJoshua", "") // The last has no name.
		if s.SnapshotName == "nightly" {
			s.SnapshotName += "-" + strconv.Itoa(i)
		}
		s.Description = pick(dice>>20, "", "weekly backup", "每日备份：财务数据库", `<b>release</b> & "rollback" 'v2'`)
	} else {
		s.SnapshotName = "auto2.0_" + sampleTime(i).Format("20060102") + "_sp-bp1sample" + strconv.Itoa(i%7)
		s.RetentionDays = new(int(7 + dice>>24%4*7))
	}
	env, team := pick(dice>>28, "prod", "dev", "prod", ""), pick(dice>>32, "finance", "web", "数据", "")
	for _, tag := range []Tag{{"env", env}, {"team", team}} {
		if tag.Value != "" {
			s.Tags = append(s.Tags, tag)
		}
	}
	if s.SnapshotType == "timer" {
		s.Tags = append(s.Tags, Tag{"acs:ecs:createdBy", "autoSnapshotPolicy"})
	}
	s.Category = pick(dice>>36, "standard", "standard", "flash", "archive")
}

// takenFrom sets what is the same for all snapshots of a disk, but for the ways to write it.
func (s *Snapshot) takenFrom(disk int, dice uint64) {
	s.SourceDiskID = fmt.Sprintf("d-bp1sampledisk%02d", disk)
	s.InstanceID = fmt.Sprintf("i-bp1sampleinstance%02d", disk/sampleDisksByInstance)
	s.SnapshotLinkID = fmt.Sprintf("sl-bp1samplelink%02d", disk)
	s.SourceDiskType = pick(dice>>40, "data", "DATA", "Data")
	if disk%sampleDisksByInstance == 0 {
		s.SourceDiskType = pick(dice>>40, "system", "System")
	}
	s.SourceDiskSize = 20 * (1 + disk)
	s.SourceDiskSizeAsString = dice>>44%3 == 0
	s.SourceStorageType = pick(dice>>46, "disk", "disk", "")
	if disk%5 == 1 {
		s.Encrypted = true
		s.KMSKeyID = fmt.Sprintf("0e478b7a-4262-4802-b8cb-00d3fb4082%02d", disk)
	}
}

// takenAt sets the times; every eighth snapshot was cut in the second of the one before it.
func (s *Snapshot) takenAt(i int, dice uint64) {
	cut := sampleTime(i)
	s.CreationTime = cut.Format(secondLayout)
	s.LastModifiedTime = cut.Add(5 * time.Minute).Format(secondLayout)
	if i%23 == 11 {
		s.CreationTime = cut.Format(minuteLayout)
	}
	if size := int64(s.SourceDiskSize) << 30; dice>>48%4 != 0 {
		s.FullSnapshotSizeInBytes = new(size/4*3 + int64(dice>>52))
	}
}

// complicate makes some of the snapshots what few are.
func (s *Snapshot) complicate(i int) {
	switch {
	case i%29 == 7:
		s.Status, s.Progress = "progressing", "45%"
		s.Available = new(i%4 == 1) // New snapshots of ESSD disks can be used while they are in progress.
		s.RemainTime = new(38 + i%600)
		s.FullSnapshotSizeInBytes = nil
		if i%2 == 0 && i < sampleUncut {
			s.CreationTime, s.LastModifiedTime = "", "" // Not cut yet.
		}
	case i%31 == 9:
		s.Status, s.Progress, s.Available = "failed", "0%", nil
	case i%37 == 12:
		s.Available = new(false)
	case i%5 == 2:
		s.Available = nil
	}
	switch i % 11 {
	case 3:
		s.InstantAccess, s.InstantAccessRetentionDays = new(true), new(1+i%30)
	case 5:
		s.InstantAccess = new(false)
		s.Raw = map[string]any{"KMSKeyId": s.KMSKeyID, "SnapshotName": s.SnapshotName} // Sent even if empty.
	case 6:
		s.SourceRegionID, s.SourceSnapshotID = "cn-beijing", "s-2ze"+sampleID(i)
	case 8:
		s.ProductCode = "jxsc000204"
		if len(s.Tags) == 0 {
			s.Raw = map[string]any{"Tags": Absent}
		}
	case 10:
		s.Progress = strings.TrimSuffix(s.Progress, "%")
	}
}

func sampleTime(i int) time.Time {
	if i%8 == 4 {
		i--
	}
	return sampleEpoch.Add(time.Duration(i) * sampleInterval).Add(time.Duration(i*i%60) * time.Second)
}

// sampleID tells indexes apart for certain, since mix is one to one.
func sampleID(i int) string {
	return fmt.Sprintf("%017x", mix(uint64(i)))
}

// mix scatters an index over 64 bits (the finalizer of SplitMix64).
func mix(n uint64) uint64 {
	n += 0x9e3779b97f4a7c15
	n = (n ^ n>>30) * 0xbf58476d1ce4e5b9
	n = (n ^ n>>27) * 0x94d049bb133111eb
	return n ^ n>>31
}

func pick(dice uint64, values ...string) string {
	return values[dice%uint64(len(values))]
}
