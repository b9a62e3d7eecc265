package ecstest

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
)

// AlterReply changes the fields of a reply that is not an error.
func AlterReply(change func(fields map[string]any)) Fault {
	return alter(func(reply *Reply) {
		if reply.Fields != nil && reply.Code == "" {
			change(reply.Fields)
		}
	})
}

// SetHeader sets a field of the reply's header, such as a Retry-After of 68 years.
func SetHeader(name, value string) Fault {
	return alter(func(reply *Reply) {
		if reply.Header != nil { // Where the connection breaks there is none.
			reply.Header.Set(name, value)
		}
	})
}

// AlterSnapshots changes each snapshot of a DescribeSnapshots reply. Numbers are of type json.Number.
func AlterSnapshots(change func(snapshot map[string]any)) Fault {
	return AlterReply(func(fields map[string]any) {
		list, ok := fields["Snapshots"].(map[string]any)
		if !ok {
			return
		}
		snapshots, altered := list["Snapshot"].([]map[string]any)
		if !altered { // Then no fault further in has taken them apart yet.
			snapshots = []map[string]any{}
			bodies, _ := list["Snapshot"].([]json.RawMessage)
			for _, body := range bodies {
				snapshots = append(snapshots, decode(body))
			}
			list["Snapshot"] = snapshots
		}
		for _, snapshot := range snapshots {
			change(snapshot)
		}
	})
}

// WrongTotal makes TotalCount wrong by delta, in every reply.
func WrongTotal(delta int) Fault {
	return AlterReply(func(fields map[string]any) {
		if total, ok := fields["TotalCount"].(int); ok {
			fields["TotalCount"] = total + delta
		}
	})
}

// numericStrings are the snapshot's fields that hold a number in a string, now or then.
var numericStrings = []string{"Progress", "SourceDiskSize"}

// OddTypes sends numbers and booleans as strings, and strings that hold a number as numbers.
func OddTypes() Fault {
	odd := AlterSnapshots(func(snapshot map[string]any) { oddTypes(snapshot, numericStrings) })
	return func(x *Exchange, next Handler) *Reply {
		reply := odd(x, next)
		if reply.Fields != nil && reply.Code == "" {
			oddTypes(reply.Fields, nil)
		}
		return reply
	}
}

func oddTypes(fields map[string]any, numeric []string) {
	for name, value := range fields {
		switch value := value.(type) {
		case json.Number:
			fields[name] = value.String()
		case int:
			fields[name] = strconv.Itoa(value)
		case bool:
			fields[name] = strconv.FormatBool(value)
		case string:
			if n, err := strconv.Atoi(value); err == nil && slices.Contains(numeric, name) {
				fields[name] = n
			}
		}
	}
}

func alter(change func(*Reply)) Fault {
	return func(x *Exchange, next Handler) *Reply {
		reply := next(x)
		change(reply)
		return reply
	}
}

func decode(body []byte) map[string]any {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber() // Sizes in bytes do not fit into a float64.
	var fields map[string]any
	if err := d.Decode(&fields); err != nil {
		panic(err) // The service wrote it.
	}
	return fields
}
