package rpc

import (
	"encoding/json"
	"testing"
)

func TestText(t *testing.T) {
	for data, want := range map[string]Text{
		`"plain"`:              "plain",
		`""`:                   "",
		`"快照 <b>&\"q\"\n"`:     "快照 <b>&\"q\"\n",
		`"\u5feb\ud83d\ude00"`: "快😀",
		"\"a\xffb\"":           "a\ufffdb",
		`40`:                   "40",
		`-4.5e1`:               "-4.5e1",
		`true`:                 "true",
		`null`:                 "",
		`{"a": "b"}`:           `{"a": "b"}`,
		`["a"]`:                `["a"]`,
		`"\"quoted\""`:         `"quoted"`,
	} {
		var got struct{ T Text }
		if err := json.Unmarshal([]byte(`{"T":`+data+`}`), &got); err != nil || got.T != want {
			t.Errorf("%s: got %q and %v, want %q", data, got.T, err, want)
		}
	}
}

// Strings are read as encoding/json reads them, and nothing else fails.
func FuzzText(f *testing.F) {
	for _, seed := range []string{`"a"`, `"\u00"`, `{}`, `[1,2]`, `"a\`, "\"\xff\"", `null`, `1e400`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var got Text
		err := json.Unmarshal(data, &got)
		if valid := json.Valid(data); (err == nil) != valid {
			t.Fatalf("%q: valid %t, error %v", data, valid, err)
		}
		var want string
		if json.Unmarshal(data, &want) == nil && string(got) != want {
			t.Errorf("%q: got %q, want %q", data, got, want)
		}
	})
}
