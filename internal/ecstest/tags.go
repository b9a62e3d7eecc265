package ecstest

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

var tagParameter = regexp.MustCompile(`^Tag\.([0-9]+)\.(Key|Value)$`)

// The limits of tags: their number, and the characters of keys and values. They are those of the newest documents; older
// ones allow a key 64 characters.
const (
	maxTags     = 20
	maxTagKey   = 128
	maxTagValue = 128
)

// parseResources reads the filters by tag and by resource group.
func (x *Exchange) parseResources(q *query) *apiError {
	if group := x.Params.Get("ResourceGroupId"); group != "" {
		shown := []string{group}
		if id := x.Service.defaultResourceGroup(); id != "" {
			shown = append(shown, id)
		}
		q.resources = append(q.resources, func(e *entry) bool { return slices.Contains(shown, e.snapshot.ResourceGroupID) })
	}
	for name := range x.Params {
		parts := tagParameter.FindStringSubmatch(name)
		if parts == nil {
			continue
		}
		if n, err := strconv.Atoi(parts[1]); err != nil || n < 1 || n > maxTags {
			return errTagCount
		}
		prefix := "Tag." + parts[1]
		key := x.Params.Get(prefix + ".Key")
		if parts[2] == "Value" {
			if !x.Params.Has(prefix + ".Key") {
				return errTagMismatch
			}
			continue
		}
		value, anyValue := x.Params.Get(prefix+".Value"), !x.Params.Has(prefix+".Value")
		if key == "" || utf8.RuneCountInString(key) > maxTagKey || isReserved(key) {
			return errTagKey
		}
		if utf8.RuneCountInString(value) > maxTagValue {
			return errTagValue
		}
		q.resources = append(q.resources, func(e *entry) bool {
			return slices.ContainsFunc(e.snapshot.Tags, func(t Tag) bool { return t.Key == key && (anyValue || t.Value == value) })
		})
	}
	return nil
}

// isReserved tells whether a tag's key is one that callers can't have made.
func isReserved(s string) bool {
	return strings.HasPrefix(s, "aliyun") || strings.HasPrefix(s, "acs:") ||
		strings.Contains(s, "http://") || strings.Contains(s, "https://")
}
