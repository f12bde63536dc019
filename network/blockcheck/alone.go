// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/hex"

	"github.com/hyperledger/fabric-protos-go-apiv2/common"
	"github.com/hyperledger/fabric/core/ledger"
	"github.com/hyperledger/fabric/protoutil"
	"google.golang.org/protobuf/proto"
)

// Judged is what Fabric makes of one block, whatever the block says of itself.
type Judged struct {
	Block      uint64 `json:"block"`
	Filter     string `json:"filter"`
	CommitHash string `json:"commitHash"`
}

// judge has Fabric validate each transaction of a block as if it were alone in it, and then commit the block. Odd
// transactions would disturb each other otherwise: the validator waits for ever for one that another cannot read.
func (p *peer) judge(block *common.Block) (*Judged, error) {
	filter := make([]byte, len(block.Data.Data))
	for index, data := range block.Data.Data {
		alone := proto.Clone(block).(*common.Block)
		alone.Data.Data = [][]byte{data}
		protoutil.InitBlockMetadata(alone)
		if err := p.validator.Validate(alone); err != nil {
			return nil, err
		}
		filter[index] = filterOf(alone)[0]
	}
	protoutil.InitBlockMetadata(block)
	block.Metadata.Metadata[common.BlockMetadataIndex_TRANSACTIONS_FILTER] = filter
	block.Metadata.Metadata[common.BlockMetadataIndex_COMMIT_HASH] = nil
	if err := p.ledger.CommitLegacy(&ledger.BlockAndPvtData{Block: block}, &ledger.CommitOptions{}); err != nil {
		return nil, err
	}
	p.last = block.Header
	return &Judged{
		Block:      block.Header.Number,
		Filter:     hex.EncodeToString(filterOf(block)),
		CommitHash: hex.EncodeToString(commitHashOf(block)),
	}, nil
}

// judgeAlone judges every block of a folder after the first.
func judgeAlone(folder string) ([]*Judged, error) {
	files, peer, err := open(folder)
	if err != nil {
		return nil, err
	}
	defer peer.close()
	verdicts := []*Judged{}
	for _, file := range files[1:] {
		block, err := readBlock(file)
		if err != nil {
			return nil, err
		}
		judged, err := peer.judge(block)
		if err != nil {
			return nil, err
		}
		verdicts = append(verdicts, judged)
	}
	return verdicts, nil
}
