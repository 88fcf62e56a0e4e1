/** What `cdktf` synthesises in the test of its commands: the database and its network, as small as a stack gets. */
import { prod } from '../../environments/prod';
import { createApp } from '../../main';
import { nothing } from '../support/stack';

createApp([nothing, prod]).synth();
