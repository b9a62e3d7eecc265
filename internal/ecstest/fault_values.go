package ecstest

import "time"

// SetFields gives fields of every snapshot a value, by their names in the API, whatever type the API has for them:
// SetFields("Progress", "99.5%", "RemainTime", "soon"). Absent takes a field away.
func SetFields(namesAndValues ...any) Fault {
	return AlterSnapshots(func(snapshot map[string]any) {
		for i := 0; i < len(namesAndValues); i += 2 {
			name, _ := namesAndValues[i].(string)
			if value := namesAndValues[i+1]; value == Absent {
				delete(snapshot, name)
			} else {
				snapshot[name] = value
			}
		}
	})
}

// AbsentFields leaves fields out of every snapshot, by their names in the API.
func AbsentFields(names ...string) Fault {
	return AlterSnapshots(func(snapshot map[string]any) {
		for _, name := range names {
			delete(snapshot, name)
		}
	})
}

// TagsWithoutKeys leaves out the key of every tag.
func TagsWithoutKeys() Fault {
	return AlterSnapshots(func(snapshot map[string]any) {
		tags, _ := snapshot["Tags"].(map[string]any)
		list, _ := tags["Tag"].([]any)
		for _, tag := range list {
			if tag, ok := tag.(map[string]any); ok {
				delete(tag, "TagKey")
			}
		}
	})
}

// TimeForms writes the times of every snapshot in another form. Empty times stay empty.
func TimeForms(form func(time.Time) any) Fault {
	return AlterSnapshots(func(snapshot map[string]any) {
		for _, name := range []string{"CreationTime", "LastModifiedTime"} {
			text, _ := snapshot[name].(string)
			if t, ok := parseTime(text, secondLayout, minuteLayout); ok {
				snapshot[name] = form(t)
			}
		}
	})
}

// SpaceSeparatedTime is a form of times for TimeForms, such as "2026-07-31 22:00:00", which names no offset.
func SpaceSeparatedTime(t time.Time) any { return t.Format(time.DateTime) }

// EpochMilliseconds is a form of times for TimeForms: the milliseconds since 1970, as a number.
func EpochMilliseconds(t time.Time) any { return t.UnixMilli() }
