import { App, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
const app = new App();
class S extends TerraformStack { constructor(s: Construct, id: string) { super(s, id); } }
new S(app, 'dev');
app.synth();
