// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"github.com/hyperledger/fabric-lib-go/bccsp"
	"github.com/hyperledger/fabric-lib-go/bccsp/sw"
	"github.com/hyperledger/fabric-lib-go/common/metrics/disabled"
	"github.com/hyperledger/fabric-protos-go-apiv2/common"
	pb "github.com/hyperledger/fabric-protos-go-apiv2/peer"
	"github.com/hyperledger/fabric/common/channelconfig"
	"github.com/hyperledger/fabric/common/policies"
	"github.com/hyperledger/fabric/core/chaincode/implicitcollection"
	"github.com/hyperledger/fabric/core/committer/txvalidator/plugin"
	validator "github.com/hyperledger/fabric/core/committer/txvalidator/v20"
	validationstate "github.com/hyperledger/fabric/core/handlers/validation/api/state"
	"github.com/hyperledger/fabric/core/handlers/validation/builtin"
	"github.com/hyperledger/fabric/core/ledger"
	"github.com/hyperledger/fabric/core/ledger/ledgermgmt"
	"github.com/hyperledger/fabric/core/ledger/mock"
	"github.com/hyperledger/fabric/msp"
	"github.com/hyperledger/fabric/msp/mgmt"
	"github.com/hyperledger/fabric/protoutil"
)

// peer is the part of a Fabric peer that judges and commits blocks: its channel configuration, its transaction
// validator with the built-in validation plugin, and its ledger, in a folder that goes when it is closed.
type peer struct {
	channel   string
	crypto    bccsp.BCCSP
	bundle    *channelconfig.Bundle
	ledgers   *ledgermgmt.LedgerMgr
	ledger    ledger.PeerLedger
	validator *validator.TxValidator
	last      *common.BlockHeader
	folder    string
}

func newPeer(genesis *common.Block) (*peer, error) {
	crypto, err := sw.NewDefaultSecurityLevelWithKeystore(sw.NewDummyKeyStore())
	if err != nil {
		return nil, err
	}
	bundle, err := newBundle(genesis, crypto)
	if err != nil {
		return nil, fmt.Errorf("the genesis block: %w", err)
	}
	folder, err := os.MkdirTemp("", "blockcheck-")
	if err != nil {
		return nil, err
	}
	p := &peer{channel: bundle.ConfigtxValidator().ChannelID(), crypto: crypto, last: genesis.Header, folder: folder}
	p.ledgers = ledgermgmt.NewLedgerMgr(&ledgermgmt.Initializer{
		Config: &ledger.Config{
			RootFSPath:        folder,
			StateDBConfig:     &ledger.StateDBConfig{},
			HistoryDBConfig:   &ledger.HistoryDBConfig{Enabled: true},
			PrivateDataConfig: &ledger.PrivateDataConfig{MaxBatchSize: 5000, BatchesInterval: 1000, PurgeInterval: 100},
			SnapshotsConfig:   &ledger.SnapshotsConfig{RootDir: filepath.Join(folder, "snapshots")},
		},
		MetricsProvider:                 &disabled.Provider{},
		DeployedChaincodeInfoProvider:   deployed(),
		HashProvider:                    crypto,
		HealthCheckRegistry:             &mock.HealthCheckRegistry{},
		ChaincodeLifecycleEventProvider: &mock.ChaincodeLifecycleEventProvider{},
	})
	if p.ledger, err = p.ledgers.CreateLedger(p.channel, genesis); err != nil {
		p.close()
		return nil, err
	}
	p.use(bundle)
	p.validator = validator.NewTxValidator(
		p.channel, workers(make(chan struct{}, runtime.NumCPU())), resources{p}, p.ledger, definitions{p}, definitions{p},
		plugin.MapBasedMapper{"vscc": &builtin.DefaultValidationFactory{}}, p, crypto,
	)
	return p, nil
}

// commit has Fabric judge a block and commit it, and returns where it comes to another result than the block carries.
// The block carries Fabric's result afterwards.
func (p *peer) commit(block *common.Block) ([]Difference, error) {
	filter, hash := filterOf(block), commitHashOf(block)
	differences := p.checkOrder(block)
	protoutil.InitBlockMetadata(block)
	block.Metadata.Metadata[common.BlockMetadataIndex_TRANSACTIONS_FILTER] = nil
	block.Metadata.Metadata[common.BlockMetadataIndex_COMMIT_HASH] = nil
	if err := p.validator.Validate(block); err != nil {
		return nil, err
	}
	if err := p.ledger.CommitLegacy(&ledger.BlockAndPvtData{Block: block}, &ledger.CommitOptions{}); err != nil {
		return nil, err
	}
	p.last = block.Header
	return append(differences, compare(block, filter, hash)...), nil
}

// checkOrder checks what a peer checks of a block it receives: number, hashes, and the orderers' signatures.
func (p *peer) checkOrder(block *common.Block) []Difference {
	number, found := block.Header.Number, []Difference{}
	differs := func(what, inBlock, byFabric string) {
		found = append(found, Difference{Block: number, What: what, InBlock: inBlock, ByFabric: byFabric})
	}
	if previous := protoutil.BlockHeaderHash(p.last); !bytes.Equal(previous, block.Header.PreviousHash) {
		differs("previous hash", fmt.Sprintf("%x", block.Header.PreviousHash), fmt.Sprintf("%x", previous))
	}
	if data, err := protoutil.BlockDataHash(block.Data); err != nil {
		differs("data", "", err.Error())
	} else if !bytes.Equal(data, block.Header.DataHash) {
		differs("data hash", fmt.Sprintf("%x", block.Header.DataHash), fmt.Sprintf("%x", data))
	}
	policy, ok := p.bundle.PolicyManager().GetPolicy(policies.BlockValidation)
	if !ok {
		differs("block signature", "", "the channel has no BlockValidation policy")
		return found
	}
	verify := protoutil.BlockSignatureVerifier(p.bundle.ChannelConfig().Capabilities().ConsensusTypeBFT(), nil, policy)
	if err := verify(block.Header, block.Metadata); err != nil {
		differs("block signature", "", err.Error())
	}
	return found
}

// use makes a configuration the one in force. The check of a creator's signature asks a global for the members.
func (p *peer) use(bundle *channelconfig.Bundle) {
	p.bundle = bundle
	mgmt.XXXSetMSPManager(p.channel, bundle.MSPManager())
}

// Manager implements policies.ChannelPolicyManagerGetter.
func (p *peer) Manager(string) policies.Manager { return p.bundle.PolicyManager() }

func (p *peer) close() {
	p.ledgers.Close()
	os.RemoveAll(p.folder)
}

func newBundle(genesis *common.Block, crypto bccsp.BCCSP) (*channelconfig.Bundle, error) {
	if len(genesis.Data.Data) == 0 {
		return nil, fmt.Errorf("it is empty")
	}
	envelope, err := protoutil.GetEnvelopeFromBlock(genesis.Data.Data[0])
	if err != nil {
		return nil, err
	}
	return channelconfig.NewBundleFromEnvelope(envelope, crypto)
}

// resources is the channel as the validator sees it.
type resources struct{ *peer }

// Apply checks a new configuration as the peer does, signatures on the change included, and takes it over.
func (r resources) Apply(config *common.ConfigEnvelope) error {
	if err := r.bundle.ConfigtxValidator().Validate(config); err != nil {
		return err
	}
	bundle, err := channelconfig.NewBundle(r.channel, config.Config, r.crypto)
	if err != nil {
		return err
	}
	if err := r.bundle.ValidateNew(bundle); err != nil {
		return err
	}
	r.use(bundle)
	return nil
}

func (r resources) Capabilities() channelconfig.ApplicationCapabilities {
	application, _ := r.bundle.ApplicationConfig()
	return application.Capabilities()
}

func (r resources) GetMSPIDs() []string {
	application, _ := r.bundle.ApplicationConfig()
	ids := []string{}
	for _, organization := range application.Organizations() {
		ids = append(ids, organization.MSPID())
	}
	return ids
}

func (r resources) MSPManager() msp.MSPManager { return r.bundle.MSPManager() }

// definitions says of every chaincode what a chaincode definition without a policy of its own says: the built-in
// validation, by the channel's endorsement policy; an organization's implicit collection follows that organization's.
type definitions struct{ *peer }

func (definitions) ValidationInfo(_, _ string, _ ledger.SimpleQueryExecutor) (string, []byte, error, error) {
	return "vscc", policyAt("/Channel/Application/Endorsement"), nil, nil
}

func (d definitions) CollectionValidationInfo(_, collection string, _ validationstate.State) ([]byte, error, error) {
	isImplicit, mspID := implicitcollection.MspIDIfImplicitCollection(collection)
	application, _ := d.bundle.ApplicationConfig()
	for name, organization := range application.Organizations() {
		if isImplicit && organization.MSPID() == mspID {
			return policyAt("/Channel/Application/" + name + "/Endorsement"), nil, nil
		}
	}
	return nil, nil, nil
}

func policyAt(path string) []byte {
	return protoutil.MarshalOrPanic(&pb.ApplicationPolicy{
		Type: &pb.ApplicationPolicy_ChannelConfigPolicyReference{ChannelConfigPolicyReference: path},
	})
}

// deployed says that every collection asked for is there: private data itself is nowhere here.
func deployed() ledger.DeployedChaincodeInfoProvider {
	provider := &mock.DeployedChaincodeInfoProvider{}
	provider.CollectionInfoCalls(
		func(_, _, name string, _ ledger.SimpleQueryExecutor) (*pb.StaticCollectionConfig, error) {
			return &pb.StaticCollectionConfig{Name: name}, nil
		},
	)
	return provider
}

// workers is how many transactions are validated at once, as many as in a peer: one per processor.
type workers chan struct{}

func (s workers) Acquire(context.Context) error { s <- struct{}{}; return nil }

func (s workers) Release() { <-s }
