"""Small OpenGL renderer (moderngl on EGL; Mesa llvmpipe when there is no GPU).

One directional key light with a PCF shadow map, a fill light, hemispheric ambient, filmic tone curve, 4x MSAA.
Colours given to materials are sRGB in [0,1].
"""
import cv2
import moderngl
import numpy as np

from .geometry import look_at, normals

VERT = """
#version 330
in vec3 in_pos; in vec3 in_nrm; in vec2 in_uv; in vec3 in_rest; in vec4 in_field;
uniform mat4 u_vp; uniform mat4 u_lvp;
out vec3 v_pos; out vec3 v_nrm;
#if KIND!=2 && KIND!=3
out vec2 v_uv;
#endif
#if KIND==1 || KIND==3
out vec3 v_rest; out vec3 v_field;
#endif
void main(){
  v_pos=in_pos; v_nrm=in_nrm;
#if KIND!=2 && KIND!=3
  v_uv=in_uv;
#endif
#if KIND==1 || KIND==3
  v_rest=in_rest; v_field=in_field.xyz;
#endif
  gl_Position=u_vp*vec4(in_pos,1.0);
}"""

FRAG = """
#version 330
in vec3 v_pos; in vec3 v_nrm;
#if KIND!=2 && KIND!=3
in vec2 v_uv;
#endif
#if KIND==1 || KIND==3
in vec3 v_rest; in vec3 v_field;
#endif
out vec4 f_col;
// KIND: 0 uv texture * colour, 1 body (skin + garments), 2 plain colour, 3 shell garment
uniform vec3 u_color; uniform float u_alpha_cut; uniform float u_spec; uniform float u_gloss; uniform float u_uvscale;
uniform vec3 u_key_dir; uniform vec3 u_key_col; uniform vec3 u_fill_dir; uniform vec3 u_fill_col;
uniform vec3 u_amb_up; uniform vec3 u_amb_dn; uniform vec3 u_eye; uniform float u_exposure; uniform mat4 u_lvp;
uniform sampler2D u_tex; uniform sampler2DShadow u_shadow; uniform sampler2D u_noise;
uniform vec3 u_shirt; uniform vec3 u_shirt2; uniform vec3 u_short; uniform vec3 u_short2; uniform vec3 u_sock;
uniform int u_pattern; uniform int u_pattern2; uniform float u_emis; uniform float u_stature;
void main(){
  vec3 n=normalize(v_nrm); vec3 V=normalize(u_eye-v_pos);
#if KIND!=1
  if(dot(n,V)<0.0) n=-n;
#endif
  vec3 alb; float spec=u_spec, wrap=0.0; vec3 sss=vec3(0.0);
#if KIND==0
  vec4 t=texture(u_tex,v_uv*u_uvscale); if(t.a<u_alpha_cut) discard; alb=t.rgb*t.rgb*u_color*u_color;
#elif KIND==2
  alb=u_color*u_color;
#else
  float fs=v_field.x, fp=v_field.y, fk=v_field.z;
  vec3 r=v_rest; vec2 nn=texture(u_noise,r.xy*1.5+vec2(0.71,0.43)*r.z*1.5).rg;
  bool shirt=fs>0.0;
#if KIND==3
  if(!shirt) discard;
#endif
  vec3 ca=shirt?u_shirt:u_short, cb=shirt?u_shirt2:u_short2; int pat=shirt?u_pattern:u_pattern2; float hem=shirt?fs:fp;
  float tt=0.0;
  if(pat==1) tt=step(0.5,fract(r.y*14.0));
  if(pat==2) tt=smoothstep(0.52,0.60,nn.g);
  if(pat==3) tt=step(0.0,0.045*abs(r.z+0.02)+0.03-abs(r.z+0.02));
  if(pat==4) tt=step(0.10,r.z)*step(abs(r.x),0.085)*step(abs(r.y-0.74*u_stature),0.05);
  if(pat==5) tt=step(r.y,0.70*u_stature);
  vec3 c0=mix(ca,cb,tt)*(0.92+0.16*nn.r)*(hem<0.010?0.82:1.0);
  alb=c0*c0; spec*=0.3;
#if KIND==1
  if(!shirt && fp<=0.0){
    if(fk>0.0){ alb=u_sock*u_sock*(0.8+0.4*nn.r); spec*=0.3; }
    else { vec3 t=texture(u_tex,v_uv).rgb; alb=t*t; spec=u_spec; wrap=0.25; sss=vec3(0.066,0.0144,0.006); }
  }
#endif
#endif
  float nl=dot(n,u_key_dir);
  vec3 p=(u_lvp*vec4(v_pos,1.0)).xyz*0.5+0.5; float o=1.1/2048.0; float zb=p.z-0.0016-0.003*(1.0-max(nl,0.0));
  float sh=0.25*(texture(u_shadow,vec3(p.xy+vec2(o,0.3*o),zb))+texture(u_shadow,vec3(p.xy+vec2(-0.3*o,o),zb))
    +texture(u_shadow,vec3(p.xy+vec2(-o,-0.3*o),zb))+texture(u_shadow,vec3(p.xy+vec2(0.3*o,-o),zb)));
  float d=max((nl+wrap)/(1.0+wrap),0.0);
  vec3 c=alb*(u_key_col*d*mix(0.02,1.0,sh) + u_fill_col*max(dot(n,u_fill_dir)*0.6+0.4,0.0)
     + mix(u_amb_dn,u_amb_up,n.y*0.5+0.5)+u_emis);
#if KIND==1
  c+=sss*alb*smoothstep(-0.4,0.2,nl)*(1.0-smoothstep(0.0,0.5,nl))*u_key_col;
#endif
  vec3 H=normalize(V+u_key_dir);
  float q=max(dot(n,H),0.0); q=q*q; q=q*q; q=q*q; q=q*q; if(u_gloss>30.0) q=q*q;
  c+=u_key_col*(spec*q*sh*max(nl,0.0));
  float fr=1.0-max(dot(n,V),0.0); fr*=fr;
  c+=u_amb_up*(spec*fr*fr*0.7);
  c*=u_exposure;
  c=(c*(2.51*c+0.03))/(c*(2.43*c+0.59)+0.14);
  f_col=vec4(sqrt(clamp(c,0.0,1.0)),1.0);
}"""

BGVERT = """
#version 330
in vec3 in_pos; in vec3 in_nrm; in vec2 in_uv; uniform mat4 u_vp; uniform mat4 u_lvp; uniform vec3 u_color;
uniform vec3 u_key_dir; uniform vec3 u_key_col; uniform vec3 u_fill_dir; uniform vec3 u_fill_col;
uniform vec3 u_amb_up; uniform vec3 u_amb_dn; uniform float u_exposure; uniform float u_emis;
out vec2 v_uv; out vec4 v_l; out vec3 v_key; out vec3 v_amb;
void main(){ v_uv=in_uv; vec3 n=in_nrm; v_l=u_lvp*vec4(in_pos,1.0); vec3 a=pow(u_color,vec3(2.2))*u_exposure;
  v_key=a*u_key_col*max(dot(n,u_key_dir),0.0);
  v_amb=a*(u_fill_col*max(dot(n,u_fill_dir)*0.6+0.4,0.0)+mix(u_amb_dn,u_amb_up,n.y*0.5+0.5)+u_emis);
  gl_Position=u_vp*vec4(in_pos,1.0); }"""
BGFRAG = """
#version 330
in vec2 v_uv; in vec4 v_l; in vec3 v_key; in vec3 v_amb; uniform sampler2D u_tex; uniform sampler2DShadow u_shadow;
uniform float u_uvscale; uniform float u_recv; out vec4 f_col;
void main(){ vec3 t=texture(u_tex,v_uv*u_uvscale).rgb; t*=t;
  float s=1.0;
  if(u_recv>0.5){ vec3 p=v_l.xyz*0.5+0.5; float o=1.3/2048.0;
   if(p.x>0.0&&p.x<1.0&&p.y>0.0&&p.y<1.0) s=0.5*(texture(u_shadow,vec3(p.xy+vec2(o,0.4*o),p.z-0.002))+texture(u_shadow,vec3(p.xy-vec2(o,0.4*o),p.z-0.002))); }
  vec3 c=t*(v_key*s+v_amb);
  c=(c*(2.51*c+0.03))/(c*(2.43*c+0.59)+0.14);
  f_col=vec4(sqrt(clamp(c,0.0,1.0)),1.0); }"""
SVERT = """
#version 330
in vec3 in_pos; in vec2 in_uv; in vec4 in_field; uniform mat4 u_lvp; out vec2 v_uv; out float v_f;
void main(){ v_uv=in_uv; v_f=in_field.x; gl_Position=u_lvp*vec4(in_pos,1.0); }"""
SFRAG = """
#version 330
in vec2 v_uv; in float v_f; uniform sampler2D u_tex; uniform float u_alpha_cut; uniform int u_kind; uniform float u_id; out vec4 f_col;
void main(){ if(u_kind==0 && u_alpha_cut>0.0 && texture(u_tex,v_uv).a<u_alpha_cut) discard;
  if(u_kind==3 && v_f<0.0) discard; f_col=vec4(u_id,0.0,0.0,1.0); }"""


def perspective(fy, w, h, near=0.05, far=60.0):
    """Projection for a pinhole camera with focal length fy in pixels and the principal point in the centre."""
    P = np.zeros((4, 4))
    P[0, 0] = 2 * fy / w
    P[1, 1] = 2 * fy / h
    P[2, 2] = -(far + near) / (far - near)
    P[2, 3] = -2 * far * near / (far - near)
    P[3, 2] = -1
    return P


def ortho_light(direction, centre, half):
    z = np.asarray(direction, float)
    eye = centre + z * 8
    V = look_at(eye, centre)
    O = np.eye(4)
    O[0, 0] = O[1, 1] = 1 / half
    O[2, 2] = -2 / 16.0
    O[2, 3] = -1.0
    return O @ V


class Mesh:
    """Vertex-buffer mesh. Static attributes (uv, rest, field) are given once, pos/nrm per frame for moving ones."""

    def __init__(self, R, faces, pos=None, uv=None, rest=None, field=None, nrm=None, **mat):
        self.R = R
        n = int(faces.max()) + 1 if pos is None else len(pos)
        self.n, self.faces = n, np.ascontiguousarray(faces, np.int32)
        ctx = R.ctx
        self.uvr = None
        st = np.zeros((n, 9), 'f4')
        if uv is not None:
            st[:, :2] = uv
        if rest is not None:
            st[:, 2:5] = rest
        if field is not None:
            st[:, 5:9] = field
        self.vs = ctx.buffer(st.tobytes())
        self.vd = ctx.buffer(reserve=n * 24, dynamic=True)
        self.ib = ctx.buffer(self.faces.tobytes())
        self.mat = dict(kind=2, color=(.5, .5, .5), tex=None, alpha_cut=0.0, spec=0.04, gloss=20.0, uvscale=1.0,
                        emis=0.0, id=0.0, shadow=True, uni={}, bg=False, recv=True)
        self.mat.update(mat)
        fmt = [(self.vd, '3f 3f', 'in_pos', 'in_nrm'), (self.vs, '2f 3f 4f', 'in_uv', 'in_rest', 'in_field')]
        self.vao = ctx.vertex_array(R.progs[self.mat['kind']], fmt, self.ib, skip_errors=True)
        self.bgvao = None
        if self.mat['bg']:
            self.bgvao = ctx.vertex_array(R.bgprog, [(self.vd, '3f 3f', 'in_pos', 'in_nrm'), (self.vs, '2f 28x', 'in_uv')],
                                          self.ib, skip_errors=True)
        fs = [(self.vd, '3f 12x', 'in_pos'), (self.vs, '2f 12x 4f', 'in_uv', 'in_field')]
        self.svao = ctx.vertex_array(R.sprog, fs, self.ib, skip_errors=True)
        if pos is not None:
            self.update(pos, normals(pos, self.faces) if nrm is None else nrm)

    def update(self, pos, nrm):
        self.vd.write(np.concatenate([pos, nrm], 1).astype('f4').tobytes())

    def release(self):
        for o in (self.vao, self.svao, self.vs, self.vd, self.ib):
            o.release()


class Renderer:
    def __init__(self, w, h, samples=4, id_scale=2, ss=1.0):
        self.ctx = ctx = moderngl.create_standalone_context(backend='egl')
        self.w, self.h, self.id_scale = w, h, id_scale
        self.rw, self.rh = rw, rh = int(round(w * ss)), int(round(h * ss))
        df = lambda src, k: src.replace('#version 330', f'#version 330\n#define KIND {k}', 1)
        self.progs = [ctx.program(vertex_shader=df(VERT, k), fragment_shader=df(FRAG, k)) for k in range(4)]
        self.bgprog = ctx.program(vertex_shader=BGVERT, fragment_shader=BGFRAG)
        self.sprog = ctx.program(vertex_shader=SVERT, fragment_shader=SFRAG)
        self.msfbo = ctx.framebuffer([ctx.renderbuffer((rw, rh), 4, samples=samples)],
                                     ctx.depth_renderbuffer((rw, rh), samples=samples))
        self.fbo = ctx.framebuffer([ctx.renderbuffer((rw, rh), 4)]) if samples else self.msfbo
        self.stex = ctx.depth_texture((2048, 2048))
        self.stex.compare_func = '<='
        self.stex.filter = (moderngl.LINEAR, moderngl.LINEAR)
        self.sfbo = ctx.framebuffer(depth_attachment=self.stex)
        iw, ih = w // id_scale, h // id_scale
        self.ifbo = ctx.framebuffer([ctx.renderbuffer((iw, ih), 4)], ctx.depth_renderbuffer((iw, ih)))
        rng = np.random.default_rng(7)
        self.noise = self.texture(np.stack([tile_noise(rng, 256, beta=1.0), tile_noise(rng, 256, beta=2.2),
                                        tile_noise(rng, 256, beta=0.5)], 2))
        self.white = self.texture(np.ones((2, 2, 3)))
        self.meshes = []

    def texture(self, img):
        """img: float [0,1] or uint8, HxWx3/4, row 0 = top (v = 1)."""
        if img.dtype != np.uint8:
            img = (np.clip(img, 0, 1) * 255).astype(np.uint8)
        img = np.ascontiguousarray(img[::-1])
        t = self.ctx.texture((img.shape[1], img.shape[0]), img.shape[2], img.tobytes(), alignment=1)
        t.build_mipmaps()
        t.filter = (moderngl.LINEAR_MIPMAP_NEAREST, moderngl.LINEAR)
        return t

    def _set(self, prog, name, val):
        if name in prog:
            u = prog[name]
            if isinstance(val, np.ndarray) and val.ndim == 2:
                u.write(np.ascontiguousarray(val.T, 'f4').tobytes())
            else:
                u.value = tuple(float(x) for x in val) if np.ndim(val) else val

    def frame(self, vp, eye, light, want_id=True):
        """light: dict(key_dir,key_col,fill_dir,fill_col,amb_up,amb_dn,exposure,sky,centre). -> rgb, id"""
        ctx, sp = self.ctx, self.sprog
        lvp = ortho_light(light['key_dir'], light['centre'], light.get('half', 2.6))
        ctx.enable(moderngl.DEPTH_TEST)
        self.sfbo.use()
        self.sfbo.clear(depth=1.0)
        self._set(sp, 'u_lvp', lvp)
        for m in self.meshes:
            if m.mat['shadow']:
                self._sdraw(m)
        self.msfbo.use()
        s = light['sky']
        self.msfbo.clear(s[0], s[1], s[2], 1.0, depth=1.0)
        self.stex.use(1)
        self.noise.use(2)
        for p in self.progs:
            for k, x in (('u_vp', vp), ('u_lvp', lvp), ('u_eye', eye), ('u_shadow', 1), ('u_noise', 2), ('u_tex', 0)):
                self._set(p, k, x)
            for k in ('key_dir', 'key_col', 'fill_dir', 'fill_col', 'amb_up', 'amb_dn', 'exposure'):
                self._set(p, 'u_' + k, light[k])
        g = self.bgprog
        for k, x in (('u_vp', vp), ('u_lvp', lvp), ('u_shadow', 1), ('u_tex', 0)):
            self._set(g, k, x)
        for k in ('key_dir', 'key_col', 'fill_dir', 'fill_col', 'amb_up', 'amb_dn', 'exposure'):
            self._set(g, 'u_' + k, light[k])
        for m in sorted(self.meshes, key=lambda q: q.mat['bg']):       # foreground first: early depth test
            a = m.mat
            (a['tex'] or self.white).use(0)
            if m.bgvao is not None:
                for k in ('color', 'uvscale', 'emis'):
                    self._set(g, 'u_' + k, a[k])
                self._set(g, 'u_recv', 1.0 if a['recv'] else 0.0)
                m.bgvao.render()
                continue
            p = self.progs[a['kind']]
            for k in ('color', 'alpha_cut', 'spec', 'gloss', 'uvscale', 'emis'):
                self._set(p, 'u_' + k, a[k])
            for k, x in a['uni'].items():
                self._set(p, k, x)
            m.vao.render()
        if self.fbo is not self.msfbo:
            ctx.copy_framebuffer(self.fbo, self.msfbo)
        rgb = np.frombuffer(self.fbo.read(components=3, alignment=1), np.uint8).reshape(self.rh, self.rw, 3)[::-1]
        if self.rw != self.w:
            rgb = cv2.resize(rgb, (self.w, self.h), interpolation=cv2.INTER_AREA)
        ids = None
        if want_id:
            self.ifbo.use()
            self.ifbo.clear(0, 0, 0, 0, depth=1.0)
            self._set(sp, 'u_lvp', vp)
            for m in self.meshes:
                self._sdraw(m)
            ids = np.frombuffer(self.ifbo.read(components=1, alignment=1), np.uint8).reshape(
                self.h // self.id_scale, self.w // self.id_scale)[::-1]
        return rgb, ids

    def _sdraw(self, m):
        a = m.mat
        (a['tex'] or self.white).use(0)
        self._set(self.sprog, 'u_tex', 0)
        self._set(self.sprog, 'u_kind', a['kind'])
        self._set(self.sprog, 'u_alpha_cut', a['alpha_cut'])
        self._set(self.sprog, 'u_id', a['id'] / 255.0)
        m.svao.render()

    def clear(self):
        for m in self.meshes:
            m.release()
        self.meshes = []


# ----------------------------------------------------------------------------------------------- textures, solids
def tile_noise(rng, n, octaves=5, beta=1.0):
    """Tileable fractal noise in [0,1]."""
    f = np.fft.fftfreq(n)[:, None] ** 2 + np.fft.fftfreq(n)[None] ** 2
    f[0, 0] = 1
    a = rng.normal(size=(n, n)) + 1j * rng.normal(size=(n, n))
    x = np.fft.ifft2(a * f ** (-0.5 * (beta + 0.2))).real
    x = (x - x.mean()) / x.std()
    return np.clip(0.5 + x * 0.2, 0, 1)


def box(c, s):
    c, s = np.asarray(c, float), np.asarray(s, float) / 2
    v, f, n, uv = [], [], [], []
    for ax in range(3):
        for sg in (-1, 1):
            u, w = [(1, 2), (2, 0), (0, 1)][ax]
            q = []
            for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
                p = np.zeros(3)
                p[ax], p[u], p[w] = sg * s[ax], a * s[u], b * s[w]
                q.append(p + c)
                uv.append([(a + 1) * s[u], (b + 1) * s[w]])
                e = np.zeros(3)
                e[ax] = sg
                n.append(e)
            k = len(v)
            v += q
            f += [[k, k + 1, k + 2], [k, k + 2, k + 3]]
    return np.array(v), np.array(f), np.array(n), np.array(uv)


def cylinder(p0, p1, r, seg=32, r1=None):
    """Capped cylinder from p0 to p1."""
    p0, p1 = np.asarray(p0, float), np.asarray(p1, float)
    a = (p1 - p0) / np.linalg.norm(p1 - p0)
    t = np.array([0, 1.0, 0]) if abs(a[1]) < 0.9 else np.array([1.0, 0, 0])
    u = np.cross(a, t)
    u /= np.linalg.norm(u)
    w = np.cross(a, u)
    th = np.linspace(0, 2 * np.pi, seg + 1)
    ring = np.cos(th)[:, None] * u + np.sin(th)[:, None] * w
    r1 = r if r1 is None else r1
    v = [p0 + r * ring, p1 + r1 * ring, p0 + r * ring, p1 + r1 * ring, p0[None], p1[None]]
    n = [ring, ring, np.tile(-a, (seg + 1, 1)), np.tile(a, (seg + 1, 1)), -a[None], a[None]]
    uvs = [np.stack([th / 6.2832, 0 * th], 1), np.stack([th / 6.2832, 0 * th + 1], 1),
           0.5 + 0.5 * np.stack([np.cos(th), np.sin(th)], 1), 0.5 + 0.5 * np.stack([np.cos(th), np.sin(th)], 1),
           [[.5, .5]], [[.5, .5]]]
    m = seg + 1
    f = []
    for i in range(seg):
        f += [[i, i + 1, m + i], [i + 1, m + i + 1, m + i], [2 * m + i + 1, 2 * m + i, 4 * m],
              [3 * m + i, 3 * m + i + 1, 4 * m + 1]]
    return np.concatenate(v), np.array(f), np.concatenate(n), np.concatenate(uvs)


def join(parts):
    v, f, n, uv, k = [], [], [], [], 0
    for a, b, c, d in parts:
        v.append(a), f.append(b + k), n.append(c), uv.append(d)
        k += len(a)
    return np.concatenate(v), np.concatenate(f), np.concatenate(n), np.concatenate(uv)
