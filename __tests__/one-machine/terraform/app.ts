/** What `cdktf` synthesises in the test of its commands: the database and its network, as small as a stack gets. */
import { createApp } from '../../../modules/app';
import { guarded, nothing } from '../../support/stack';

createApp([nothing, guarded]).synth();
