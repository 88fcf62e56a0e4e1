/** The app for the test of the CDKTF CLI: only the database and its network, the smallest possible stack. */
import { createApp } from '../../../modules/app';
import { guarded, nothing } from '../../support/stack';

createApp([nothing, guarded]).synth();
