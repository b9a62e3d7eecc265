package ecstest

import (
	"slices"
	"strconv"
)

// query is what a DescribeSnapshots call asks for. The resource filters, by tag and resource group, come first and see
// a limited number of resources.
type query struct {
	text      string // All filters, as filtersOf has them.
	version   uint64 // Of what the filters were read for; see Service.match.
	region    string
	link      string
	resources []predicate
	filters   []predicate
	dryRun    bool
	paging    paging
}

// otherDescribeParameters are those that no table of filters has.
var otherDescribeParameters = []string{
	"DryRun", "Encrypted", "SnapshotIds", "ResourceGroupId", "PageNumber", "PageSize", "NextToken", "MaxResults",
	startFilter + ".Key", startFilter + ".Value", endFilter + ".Key", endFilter + ".Value",
}

func isDescribeParameter(name string) bool {
	_, exact := exactFilters[name]
	_, enumerated := enumerations[name]
	return exact || enumerated || slices.Contains(otherDescribeParameters, name) || tagParameter.MatchString(name)
}

// query checks the call's own parameters.
func (x *Exchange) query() (*query, *apiError) {
	q := &query{
		text:    filtersOf(x.Params),
		version: x.Service.currentVersion(),
		region:  x.Params.Get("RegionId"),
		link:    x.Params.Get("SnapshotLinkId"),
	}
	if q.region == "" {
		return nil, missingParameter("RegionId")
	}
	if !x.Service.knowsRegion(q.region) {
		return nil, errRegion
	}
	for _, parse := range []func(*query) *apiError{
		x.parsePaging, x.parseExact, x.parseEnumerations, x.parseFlags, x.parseIDs, x.parseTimes, x.parseResources,
	} {
		if err := parse(q); err != nil {
			return nil, err
		}
	}
	return q, nil
}

func (x *Exchange) parseFlags(q *query) *apiError {
	encrypted, err := x.flag("Encrypted")
	if err != nil {
		return err
	}
	if encrypted { // False is no filter.
		q.filters = append(q.filters, func(e *entry) bool { return e.snapshot.Encrypted })
	}
	q.dryRun, err = x.flag("DryRun")
	return err
}

func (x *Exchange) flag(name string) (bool, *apiError) {
	switch x.Params.Get(name) {
	case "true":
		return true, nil
	case "false", "":
		return false, nil
	}
	return false, invalidParameter("The parameter %s has to be true or false.", name)
}

// number reads a whole number from 1 to high; def stands for an absent one.
func (x *Exchange) number(name string, high, def int) (int, *apiError) {
	text := x.Params.Get(name)
	if text == "" {
		return def, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > high {
		return 0, invalidParameter("The parameter %s has to be a number from 1 to %d.", name, high)
	}
	return n, nil
}
