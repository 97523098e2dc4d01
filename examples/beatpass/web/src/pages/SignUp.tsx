export default function SignUp() {
  return <div className="page"><h1>SignUp</h1></div>;
}
